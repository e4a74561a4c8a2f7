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
  /** The backup bucket holds other buckets' objects too: below the prefix only this one's. */
  readonly prefix: string;
  /** Compare the bytes themselves, not what S3 says of them. */
  readonly read: boolean;
  readonly dryRun: boolean;
  /** Keys at a time. */
  readonly atOnce?: number;
  readonly signal?: AbortSignal;
  readonly report?: BackupReport;
}

/** What a backup found and did; in a dry run, what it would do. */
export class BackupReport {
  keys = 0;
  /** Objects whose copy is there, and is the same. */
  same = 0;
  /** Keys whose copy was not there, or held something else. */
  readonly missing: string[] = [];
  readonly different: string[] = [];
  /** Copies whose object is deleted: kept, that is what they are for. */
  kept = 0;
  bytes = 0;
  readonly failed: { readonly key: string; readonly why: string }[] = [];

  /** One line while it works. */
  get progress(): string {
    const copied = this.missing.length + this.different.length;
    return `${this.keys} keys, ${copied} without their copy (${(this.bytes / 1e6).toFixed(1)} MB)`;
  }

  /** What it came to, for a person. */
  lines({ dryRun }: { readonly dryRun: boolean }): string[] {
    const now = dryRun ? "would be copied" : "copied";
    return [
      `${this.same} have their copy; ${this.missing.length} had none and ${this.different.length} another: ${now}`,
      ...[...this.missing, ...this.different].slice(0, MAX_LISTED).map((key) => `  ${key}`),
      `${this.kept} copies of what is deleted are kept`,
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

const CONCURRENCY = 24;
/** How many keys are shown. */
const MAX_LISTED = 10;

/**
 * Completes what replication keeps: copies what the backup bucket lacks of the objects as they are now, or has
 * differently. Compared are size and ETag, as S3 lists them; where the ETags differ the objects' checksums, and where
 * those don't tell, all bytes. Old versions come there by replication alone.
 */
export async function backupObjects(options: BackupOptions): Promise<BackupReport> {
  const { client, bucket, backup, prefix, atOnce = CONCURRENCY, signal } = options;
  const report = options.report ?? new BackupReport();
  const copies = new ObjectCopies(options, report);
  await eachOf(
    joined(listed(client, { bucket, prefix }), listed(client, { bucket: backup.bucket, prefix })),
    { concurrency: atOnce, signal },
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

  /** Copies the object, unless its copy is there and holds the same. */
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
