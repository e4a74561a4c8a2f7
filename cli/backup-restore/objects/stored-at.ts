import type { S3Client } from "@aws-sdk/client-s3";
import { headOf } from "./object-equality";
import type { CopyOptions } from "./object-metadata";
import type { Entry } from "./versions";

/** Metadata of a copy in the backup bucket that was not made by replication, which keeps the time: ISO 8601. */
const STORED_AT = "stored-at";

/** How a copy into the backup bucket says when its source was stored. */
export function intoBackup(modified: Date): CopyOptions {
  return { metadata: { [STORED_AT]: modified.toISOString() } };
}

/** How a copy out of the backup bucket is as its source was. */
export const fromBackup: CopyOptions = { metadata: { [STORED_AT]: undefined } };

/** Copies of a key with the times at which their sources were stored. */
export function withStoredTimes(
  client: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  entries: readonly Entry[],
): Promise<Entry[]> {
  return Promise.all(
    entries.map(async (entry) => {
      if (entry.marker) return entry;
      const { Metadata } = await headOf(client, { bucket, key, versionId: entry.versionId });
      const stored = Metadata?.[STORED_AT];
      return stored === undefined ? entry : { ...entry, modified: new Date(stored) };
    }),
  );
}
