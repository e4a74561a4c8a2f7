import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { eachOf } from "@packages/cli-kit/concurrency";
import { copyVersion } from "./copy";
import { joined } from "./join-by-key";
import type { BackupBucket } from "./places";
import { sameBytes } from "./object-equality";
import { intoBackup } from "./stored-at";
import type { KeyRange } from "./versions";

export interface BackupOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly backup: BackupBucket;
  /** Prefix of this bucket's keys; the backup bucket also has copies of other buckets. */
  readonly prefix: string;
  /** Compare contents instead of S3's checksums. */
  readonly read: boolean;
  readonly dryRun: boolean;
  readonly report?: BackupReport;
}

/** Result of a backup; in a dry run, what it would do. */
export class BackupReport {
  keys = 0;
  /** Number of objects with an equal copy. */
  same = 0;
  /** Keys without a copy, and keys with a different copy. */
  readonly missing: string[] = [];
  readonly different: string[] = [];
  /** Number of copies of deleted objects, which are kept on purpose. */
  kept = 0;
  bytes = 0;
  readonly failed: { readonly key: string; readonly why: string }[] = [];

  /** One line of progress. */
  get progress(): string {
    const copied = this.missing.length + this.different.length;
    return `${this.keys} keys, ${copied} without an equal copy (${(this.bytes / 1e6).toFixed(1)} MB)`;
  }

  /** Result lines for people. */
  lines({ dryRun }: { readonly dryRun: boolean }): string[] {
    const now = dryRun ? "would be copied" : "copied";
    return [
      `${this.same} copies equal, ${this.missing.length} missing, ${this.different.length} different: ${now}`,
      ...[...this.missing, ...this.different].slice(0, MAX_LISTED).map((key) => `  ${key}`),
      `${this.kept} copies of deleted objects kept`,
      ...this.failed.slice(0, MAX_LISTED).map(({ key, why }) => `failed, ${key}: ${why}`),
    ];
  }
}

interface Listed {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly modified: Date;
}

/** Number of keys processed at once. */
const CONCURRENCY = 24;
/** Maximum number of keys shown. */
const MAX_LISTED = 10;

/**
 * Completes the backup bucket: copies current objects that are missing or different there. Size and ETag from S3's
 * lists are compared; if ETags differ, checksums; if those don't decide, contents. Old versions only come by
 * replication.
 */
export async function backupObjects(options: BackupOptions): Promise<BackupReport> {
  const { client, bucket, backup, prefix } = options;
  const report = options.report ?? new BackupReport();
  const copies = new ObjectCopies(options, report);
  await eachOf(
    joined(listed(client, { bucket, prefix }), listed(client, { bucket: backup.bucket, prefix })),
    { concurrency: CONCURRENCY },
    async ({ key, one, other }) => {
      try {
        if (one === undefined) report.kept++;
        else await copies.complete(one, other);
      } catch (error) {
        report.failed.push({ key, why: (error as Error).message });
      }
      report.keys++;
    },
  );
  return report;
}

/** The copies of a bucket's objects in the backup bucket. */
class ObjectCopies {
  constructor(
    private readonly options: BackupOptions,
    private readonly report: BackupReport,
  ) {}

  /** Copies the object unless it has an equal copy. */
  async complete(object: Listed, copy: Listed | undefined): Promise<void> {
    const { client, backup, dryRun } = this.options;
    if (copy !== undefined && (await this.isSame(object, copy))) {
      this.report.same++;
      return;
    }
    (copy === undefined ? this.report.missing : this.report.different).push(object.key);
    this.report.bytes += object.size;
    if (dryRun) return;
    await copyVersion(client, {
      ...this.placesOf(object),
      ...intoBackup(object.modified),
      storageClass: backup.storageClass,
    });
  }

  private async isSame(object: Listed, copy: Listed): Promise<boolean> {
    const { client, read } = this.options;
    if (object.size !== copy.size) return false;
    if (object.etag === copy.etag && !read) return true;
    const { from, to } = this.placesOf(object);
    return (await sameBytes(client, { one: from, other: to, read })).same;
  }

  private placesOf({ key }: Listed) {
    const { bucket, backup } = this.options;
    return { from: { bucket, key }, to: { bucket: backup.bucket, key } };
  }
}

async function* listed(client: S3Client, { bucket, prefix }: KeyRange): AsyncGenerator<Listed> {
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket: bucket, Prefix: prefix },
  )) {
    for (const { Key = "", ETag = "", Size = 0, LastModified = new Date(0) } of Contents) {
      yield { key: Key, etag: ETag, size: Size, modified: LastModified };
    }
  }
}
