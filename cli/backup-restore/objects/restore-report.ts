import type { Wanted } from "./version-selection";
import type { Proof } from "./object-equality";

/** Maximum number of keys shown per list. */
const MAX_LISTED = 10;

/** Result of a restore; in a dry run, what it would do. */
export class RestoreReport {
  keys = 0;
  /** Numbers of keys that are unchanged, that neither existed then nor exist now, and that were created later. */
  same = 0;
  absent = 0;
  later = 0;
  /** Number of restored keys, and those restored from the backup bucket. */
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

  /** All requested keys are restored. */
  get whole(): boolean {
    return this.lost.length === 0 && this.failed.length === 0;
  }

  /** One line of progress. */
  get progress(): string {
    return `${this.keys} keys, ${this.copied} restored (${(this.bytes / 1e6).toFixed(1)} MB)`;
  }

  /** Result lines for people. */
  lines({ dryRun, exact }: { readonly dryRun: boolean; readonly exact: boolean }): string[] {
    const would = dryRun ? "would be" : "were";
    const proofs = [...this.proofs].map(([proof, count]) => `${count} by ${proof}`).join(", ");
    const keys = (list: readonly string[]): string[] => [
      ...list.slice(0, MAX_LISTED).map((key) => `  ${key}`),
      ...(list.length > MAX_LISTED ? [`  and ${list.length - MAX_LISTED} more`] : []),
    ];
    return [
      `${this.keys} keys: ${this.same} unchanged, ${this.absent} absent then and now`,
      `${this.copied} ${would} restored (${this.bytes} bytes), ${this.fromBackup} of them from the backup bucket`,
      ...keys(this.first).slice(0, dryRun ? undefined : 0),
      ...(proofs === "" ? [] : [`copies compared with their sources: ${proofs}`]),
      this.later === 0
        ? "none created later"
        : `${this.later} created later: ${exact ? `they ${would} hidden by a delete marker` : "unchanged (--exact hides them)"}`,
      ...(this.unknown.length === 0
        ? []
        : [`${this.unknown.length} unknown: no record of whether they existed then:`, ...keys(this.unknown)]),
      ...(this.lost.length === 0
        ? []
        : [`${this.lost.length} lost: no version in either bucket:`, ...keys(this.lost)]),
      ...(this.failed.length === 0
        ? []
        : [`${this.failed.length} failed; run the same command again to retry:`]),
      ...this.failed.slice(0, MAX_LISTED).map(({ key, why }) => `  ${key}: ${why}`),
    ];
  }
}
