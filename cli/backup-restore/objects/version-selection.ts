import type { Entry } from "./versions";

/** What a restore does with one key. */
export type Choice =
  /** It is as it was: the very version, or one that a list can't tell from it. */
  | { readonly kind: "same"; readonly like?: Wanted }
  /** It was not there, and is not. */
  | { readonly kind: "absent" }
  /** It was not there, and is now. */
  | { readonly kind: "later" }
  | { readonly kind: "copy"; readonly wanted: Wanted }
  /** It was there once, and neither bucket has a version of it any more. */
  | { readonly kind: "lost" }
  /** Whether it was there can't be told: the time is before anything that the buckets still know. */
  | { readonly kind: "unknown" };

/** A version, and the side that has it. */
export interface Wanted {
  readonly from: keyof Sides;
  readonly entry: Entry;
}

export interface Sides {
  /** Of the bucket that is restored, the one stored last first. */
  readonly bucket: readonly Entry[];
  /** Of the backup bucket, the same way. */
  readonly backup: readonly Entry[];
}

/** The time that is gone back to, and since when every old version is kept. */
export interface RestoreTime {
  readonly time: Date;
  readonly keptSince: Date;
}

/**
 * What was current at a time, and what that asks for. A second counts as a whole: what came within it was there.
 * Whatever a bucket knew after `keptSince`, it knows. Of a time before it the backup may tell, for there deletions are
 * not copied; what was overwritten before it is gone from both.
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
  // A marker alone says that something was deleted of which nothing is left.
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
