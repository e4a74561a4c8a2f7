import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketReplicationCommand,
  type LifecycleRule,
  type S3Client,
  type StorageClass,
} from "@aws-sdk/client-s3";
import type { BucketName } from "../names";

/** Buckets of an environment that are backed up, by the names that users call them: output of the stack, and keys. */
export const AREAS = {
  uploads: { output: "uploads_bucket", prefix: "uploads/" },
  streams: { output: "streams_bucket", prefix: "stream/" },
  static: { output: "static_bucket", prefix: "static/" },
} as const satisfies Readonly<Record<BucketName, object>>;
export type Area = keyof typeof AREAS;

/** The bucket that replication copies to; keys are the same there, and three buckets share it. */
export interface BackupBucket {
  readonly bucket: string;
  readonly storageClass: StorageClass | undefined;
}

/** Where a bucket's objects are replicated to, as S3 says it. Throws when they are not. */
export async function backupOf(client: S3Client, bucket: string): Promise<BackupBucket> {
  const { ReplicationConfiguration } = await client.send(new GetBucketReplicationCommand({ Bucket: bucket }));
  const destination = ReplicationConfiguration?.Rules?.find(
    ({ Status }) => Status === "Enabled",
  )?.Destination;
  if (destination?.Bucket === undefined)
    throw new Error(`the bucket ${bucket} is not replicated: it has no backup`);
  return { bucket: destination.Bucket.replace(/^arn:aws:s3:::/, ""), storageClass: destination.StorageClass };
}

/** Since when every old version of a bucket is kept: its lifecycle lets those go that were replaced before. */
export async function keptSince(client: S3Client, bucket: string, now: Date): Promise<Date> {
  const rules = await rulesOf(client, bucket);
  const days = rules.flatMap(({ Status, NoncurrentVersionExpiration: expiration }) =>
    Status === "Enabled" && expiration?.NoncurrentDays !== undefined ? [expiration.NoncurrentDays] : [],
  );
  return days.length === 0 ? new Date(0) : new Date(now.getTime() - Math.min(...days) * 86_400_000);
}

async function rulesOf(client: S3Client, bucket: string): Promise<readonly LifecycleRule[]> {
  try {
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    return Rules ?? [];
  } catch (error) {
    if ((error as Error).name === "NoSuchLifecycleConfiguration") return [];
    throw error;
  }
}
