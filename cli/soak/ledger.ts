/** An answer, with when it was asked. */
export interface Asked {
  /** Operation, such as `GET /media/{id}`. */
  readonly operation: string;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** `performance.now()` before the request. */
  readonly began: number;
  readonly milliseconds: number;
}

/** A media that the API has accepted. */
interface Accepted {
  /** Whether its upload was completed. */
  completed: boolean;
  /** `performance.now()` when its deletion was confirmed; undefined before. */
  deleted: number | undefined;
}

/** Answers that are right while a server is away, or when there are too many requests. */
const BUSY_STATUSES = [429, 502, 503, 504];
const MAX_FAULTS = 20;

/** Remembers what the API has promised and answered, and what was wrong with it. */
export class Ledger {
  /** The first faults. */
  readonly faults: string[] = [];
  faultCount = 0;
  private readonly media = new Map<string, Accepted>();
  private readonly asked = new Map<string, Asked[]>();

  accepted(id: string): void {
    this.media.set(id, { completed: false, deleted: undefined });
  }

  completed(id: string): void {
    const media = this.media.get(id);
    if (media !== undefined) media.completed = true;
  }

  deleted(id: string): void {
    const media = this.media.get(id);
    if (media !== undefined) media.deleted = performance.now();
  }

  /** Media that were not deleted; with `completed`, only those whose upload is complete. */
  kept({ completed = false }: { readonly completed?: boolean } = {}): string[] {
    const kept = [...this.media].filter(
      ([, one]) => one.deleted === undefined && (one.completed || !completed),
    );
    return kept.map(([id]) => id);
  }

  gone(): string[] {
    return [...this.media].filter(([, { deleted }]) => deleted !== undefined).map(([id]) => id);
  }

  /** Records an answer; one that is neither expected nor of a busy server is a fault. */
  answered(asked: Asked, expected: readonly number[]): void {
    const list = this.asked.get(asked.operation) ?? [];
    list.push(asked);
    this.asked.set(asked.operation, list);
    if (expected.includes(asked.status) || BUSY_STATUSES.includes(asked.status)) return;
    this.fault(`${asked.operation} answered ${asked.status || "nothing"}, not ${expected.join(" or ")}`);
  }

  /** A fault if one of the media was deleted before it was asked for. */
  shown(ids: readonly string[], { operation, began }: Pick<Asked, "operation" | "began">): void {
    for (const id of ids) {
      if ((this.media.get(id)?.deleted ?? Infinity) < began)
        this.fault(`${operation} shows ${id}, which is deleted`);
    }
  }

  fault(text: string): void {
    this.faultCount++;
    if (this.faults.length < MAX_FAULTS) this.faults.push(text);
  }

  /** One line for each operation: number of answers by status, and how long they took. */
  summary(): string[] {
    return [...this.asked].map(([operation, answers]) => {
      const statuses = new Map<number, number>();
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const counts = [...statuses].sort(([one], [other]) => one - other);
      const times = answers.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
      const at = (share: number) => Math.round(times[Math.floor(share * (times.length - 1))] ?? NaN);
      return (
        `${operation.padEnd(28)}${counts.map(([status, count]) => `${status || "none"}: ${count}`).join(", ")}` +
        `; ${at(0.5)} ms half, ${at(0.99)} ms 99 %, ${at(1)} ms longest`
      );
    });
  }
}
