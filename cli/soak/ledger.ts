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

export type Visibility = "public" | "unlisted" | "private";

/** What a creator has named a media, and who may see it. */
export interface Registered {
  /** Nothing else contains this text. */
  readonly title: string;
  readonly visibility: Visibility;
}

/** Who asked: a viewer without the link of an unlisted media, or its creator. */
export type Viewer = "viewer" | "creator";

/** A media that the API has accepted. */
interface Accepted extends Registered {
  /** Whether its upload was completed. */
  completed: boolean;
  /** `performance.now()` when its deletion was confirmed; undefined before. */
  deleted: number | undefined;
  /** Signed path of its poster, which a list has shown. */
  thumbnail: string | undefined;
}

/** Numbers of answers about media after their deletion was confirmed. */
interface AfterDeletion {
  /** They are faults, or prove that the media is not shown. */
  clear: number;
  /** They prove nothing: there were too many requests, a server was away, or nothing answered. */
  busy: number;
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
  private readonly after: AfterDeletion = { clear: 0, busy: 0 };

  accepted(id: string, { title, visibility }: Registered): void {
    this.media.set(id, { title, visibility, completed: false, deleted: undefined, thumbnail: undefined });
  }

  registered(id: string): (Registered & { readonly thumbnail: string | undefined }) | undefined {
    return this.media.get(id);
  }

  /** Remembers the signed path of a media's poster. */
  pictured(id: string, thumbnail: string): void {
    const media = this.media.get(id);
    if (media !== undefined) media.thumbnail = thumbnail;
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

  /** A fault if one of the media was deleted before it was asked for, or if a viewer may not see it. */
  shown(
    ids: readonly string[],
    { operation, began, to = "viewer" }: Pick<Asked, "operation" | "began"> & { readonly to?: Viewer },
  ): void {
    for (const id of ids) {
      const media = this.media.get(id);
      if (media === undefined) continue;
      if ((media.deleted ?? Infinity) < began) this.fault(`${operation} shows ${id}, which is deleted`);
      else if (to === "viewer" && media.visibility !== "public")
        this.fault(`${operation} shows ${id}, which is ${media.visibility}`);
    }
  }

  /** Counts an answer about a media that was asked for after its deletion. */
  askedAfterDeletion(status: number): void {
    if (status === 0 || BUSY_STATUSES.includes(status)) this.after.busy++;
    else this.after.clear++;
  }

  fault(text: string): void {
    this.faultCount++;
    if (this.faults.length < MAX_FAULTS) this.faults.push(text);
  }

  /** One line for each operation: number of answers by status, and how long they took; then the answers after deletions. */
  summary(): string[] {
    const { clear, busy } = this.after;
    return [
      ...this.operations(),
      `after deletions: ${clear} answers prove something, ${busy} of a busy server prove nothing`,
    ];
  }

  private operations(): string[] {
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
