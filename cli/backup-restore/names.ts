/** Kinds of data that can be backed up and restored; a backup that names none does all, in this order. */
export const KIND_NAMES = ["database", "objects", "state"] as const;
export type KindName = (typeof KIND_NAMES)[number];

/** Buckets of an environment that are backed up, by the names that users call them. */
export const BUCKETS = ["uploads", "streams", "static"] as const;
export type BucketName = (typeof BUCKETS)[number];
