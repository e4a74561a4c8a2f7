import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketReplicationCommand,
  type LifecycleRule,
  type S3Client,
  type StorageClass,
} from "@aws-sdk/client-s3";
import type { BucketName } from "../names";

/** Buckets that are backed up, by their names on the command line: output of the stack, and key prefixes. */
export const AREAS = {
  uploads: { output: "uploads_bucket", prefix: "uploads/" },
  streams: { output: "streams_bucket", prefix: "stream/" },
  static: { output: "static_bucket", prefix: "static/" },
} as const satisfies Readonly<Record<BucketName, object>>;
export type Area = keyof typeof AREAS;

/** The target bucket of replication; keys are the same there, and three buckets share it. */
export interface BackupBucket {
  readonly bucket: string;
  readonly storageClass: StorageClass | undefined;
}

/** Replication target of a bucket, from S3. Throws if it has none. */
export async function backupOf(client: S3Client, bucket: string): Promise<BackupBucket> {
  const { ReplicationConfiguration } = await client.send(new GetBucketReplicationCommand({ Bucket: bucket }));
  const destination = ReplicationConfiguration?.Rules?.find(
    ({ Status }) => Status === "Enabled",
  )?.Destination;
  if (destination?.Bucket === undefined)
    throw new Error(`the bucket ${bucket} is not replicated, so it has no backup`);
  return { bucket: destination.Bucket.replace(/^arn:aws:s3:::/, ""), storageClass: destination.StorageClass };
}

/** Time since which all old versions exist; the lifecycle has removed versions replaced before. */
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
