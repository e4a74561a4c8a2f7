import type { Wanted } from "./version-selection";
import type { Proof } from "./object-equality";

/** How many keys are shown of each sort. */
const MAX_LISTED = 10;

/** What a restore found and did; in a dry run, what it would do. */
export class RestoreReport {
  keys = 0;
  /** Keys that are as they were; that were not there and are not; that came later. */
  same = 0;
  absent = 0;
  later = 0;
  /** Keys that were brought back, and those of them for which only the backup bucket had the version. */
  copied = 0;
  fromBackup = 0;
  bytes = 0;
  readonly first: string[] = [];
  readonly lost: string[] = [];
  readonly unknown: string[] = [];
  readonly failed: { readonly key: string; readonly why: string }[] = [];
  private readonly proofs = new Map<Proof, number>();

  chose(key: string, { from, entry }: Wanted): void {
    this.copied++;
    this.bytes += entry.size;
    if (from === "backup") this.fromBackup++;
    if (this.first.length < MAX_LISTED) this.first.push(key);
  }

  proved(proof: Proof): void {
    this.proofs.set(proof, (this.proofs.get(proof) ?? 0) + 1);
  }

  /** Whether everything is as it was, as far as it was asked for. */
  get whole(): boolean {
    return this.lost.length === 0 && this.failed.length === 0;
  }

  /** One line while it works. */
  get progress(): string {
    return `${this.keys} keys, ${this.copied} brought back (${(this.bytes / 1e6).toFixed(1)} MB)`;
  }

  /** What it came to, for a person. */
  lines({ dryRun, exact }: { readonly dryRun: boolean; readonly exact: boolean }): string[] {
    const would = dryRun ? "would be" : "were";
    const proofs = [...this.proofs].map(([proof, count]) => `${count} by ${proof}`).join(", ");
    const keys = (list: readonly string[]): string[] => [
      ...list.slice(0, MAX_LISTED).map((key) => `  ${key}`),
      ...(list.length > MAX_LISTED ? [`  and ${list.length - MAX_LISTED} more`] : []),
    ];
    return [
      `${this.keys} keys: ${this.same} as they were, ${this.absent} neither there then nor now`,
      `${this.copied} ${would} brought back (${this.bytes} bytes), ${this.fromBackup} of them from the backup bucket`,
      ...keys(this.first).slice(0, dryRun ? undefined : 0),
      ...(proofs === "" ? [] : [`each copy holds what its source holds: ${proofs}`]),
      this.later === 0
        ? "none came later"
        : `${this.later} came later: ${exact ? `they ${would} hidden by a delete marker` : "left as they are (--exact hides them)"}`,
      ...(this.unknown.length === 0
        ? []
        : [
            `of ${this.unknown.length} nobody can tell any more whether they were there:`,
            ...keys(this.unknown),
          ]),
      ...(this.lost.length === 0
        ? []
        : [`${this.lost.length} are lost, neither bucket has a version:`, ...keys(this.lost)]),
      ...(this.failed.length === 0
        ? []
        : [`${this.failed.length} failed; the same command tries them again:`]),
      ...this.failed.slice(0, MAX_LISTED).map(({ key, why }) => `  ${key}: ${why}`),
    ];
  }
}
