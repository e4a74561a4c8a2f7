/** Kinds of data in the order in which `npm run backup` without KIND processes them. */
export const KIND_NAMES = ["database", "objects", "state"] as const;
export type KindName = (typeof KIND_NAMES)[number];

/** Buckets of an environment that are backed up, by their names on the command line. */
export const BUCKETS = ["uploads", "streams", "static"] as const;
export type BucketName = (typeof BUCKETS)[number];
