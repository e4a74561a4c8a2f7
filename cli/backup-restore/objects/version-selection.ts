import type { Entry } from "./versions";

/** Action of a restore for one key. */
export type Choice =
  /** Unchanged: the same version, or one that lists can't distinguish. */
  | { readonly kind: "same"; readonly like?: Wanted }
  /** Did not exist, and does not exist. */
  | { readonly kind: "absent" }
  /** Did not exist, and exists now. */
  | { readonly kind: "later" }
  | { readonly kind: "copy"; readonly wanted: Wanted }
  /** Existed, but neither bucket has a version. */
  | { readonly kind: "lost" }
  /** Unknown: the time is before all records in both buckets. */
  | { readonly kind: "unknown" };

/** A version and the bucket that has it. */
export interface Wanted {
  readonly from: keyof Sides;
  readonly entry: Entry;
}

export interface Sides {
  /** Versions in the restored bucket, latest first. */
  readonly bucket: readonly Entry[];
  /** Versions in the backup bucket, latest first. */
  readonly backup: readonly Entry[];
}

/** Target time, and the time since which all old versions exist. */
export interface RestoreTime {
  readonly time: Date;
  readonly keptSince: Date;
}

/**
 * Selects the version that was current at a time. Times are whole seconds and inclusive. After `keptSince` the bucket's
 * history is complete. For earlier times the backup may help, because deletions are not replicated; versions
 * overwritten before are gone from both.
 */
export function choose({ bucket, backup }: Sides, { time, keptSince }: RestoreTime): Choice {
  const at = bucket.find(({ modified }) => modified <= time);
  if (at !== undefined) return at.marker ? gone(bucket) : back(bucket, at, "bucket");
  const copies = backup.filter(({ marker }) => !marker);
  const copy = copies.find(({ modified }) => modified <= time);
  if (copy !== undefined) return back(bucket, copy, "backup");
  const knows = (oldest: Entry | undefined): boolean => oldest !== undefined && oldest.modified > keptSince;
  const [oldest, oldestCopy] = [bucket.at(-1), copies.at(-1)];
  if (knows(oldest) || knows(oldestCopy)) return gone(bucket);
  // A single delete marker means that an object existed whose versions are gone.
  return oldest?.marker && oldestCopy === undefined ? { kind: "lost" } : { kind: "unknown" };
}

function back([current]: readonly Entry[], entry: Entry, from: keyof Sides): Choice {
  if (current === entry) return { kind: "same" };
  const wanted = { from, entry };
  const like =
    current !== undefined && !current.marker && current.etag === entry.etag && current.size === entry.size;
  return like ? { kind: "same", like: wanted } : { kind: "copy", wanted };
}

function gone([current]: readonly Entry[]): Choice {
  return { kind: current === undefined || current.marker ? "absent" : "later" };
}
