import type { S3Client } from "@aws-sdk/client-s3";
import { headOf } from "./object-equality";
import type { CopyOptions } from "./object-metadata";
import type { Entry } from "./versions";

/** Metadata key with the source's storage time (ISO 8601) on copies that replication did not make. */
const STORED_AT = "stored-at";

/** Copy options into the backup bucket: they record when the source was stored. */
export function intoBackup(modified: Date): CopyOptions {
  return { metadata: { [STORED_AT]: modified.toISOString() } };
}

/** Copy options out of the backup bucket: they remove that record. */
export const fromBackup: CopyOptions = { metadata: { [STORED_AT]: undefined } };

/** Versions of a copy with the storage times of their sources. */
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
