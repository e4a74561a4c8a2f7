import { createHash, randomUUID } from "node:crypto";
import type { S3 } from "@aws-sdk/client-s3";
import { eachOf } from "@packages/cli-kit/concurrency";
import { sha256 } from "../backup-restore/objects/object-equality";
import { histories, type KeyRange } from "../backup-restore/objects/versions";

/** Part size in bytes: S3's minimum, except for the last part. */
const PART_BYTES = 5 << 20;
/** Number of multipart objects. */
const MULTIPART_OBJECTS = 3;
/** Maximum keys of one DeleteObjects call. */
const MAX_KEYS_PER_CALL = 1_000;

/** Objects of a bucket with their expected contents. */
export class ObjectStock {
  /** Number of versions written. */
  versions = 0;
  private digests = new Map<string, string>();

  constructor(
    private readonly s3: S3,
    private readonly range: KeyRange,
    /** Number of objects processed concurrently. */
    private readonly concurrency: number,
  ) {}

  /** Writes a number of objects. */
  async fill(count: number): Promise<void> {
    const keys = Array.from({ length: count }, () => `${this.range.prefix}${randomUUID()}/source`);
    await eachOf(keys.slice(MULTIPART_OBJECTS), { concurrency: this.concurrency }, (key) =>
      this.put(key, `first of ${key}`),
    );
    for (const key of keys.slice(0, MULTIPART_OBJECTS)) await this.putInParts(key);
  }

  /** Expected digests by key. */
  now(): ReadonlyMap<string, string> {
    return new Map(this.digests);
  }

  /** Replaces the expected digests. */
  is(digests: ReadonlyMap<string, string>): void {
    this.digests = new Map(digests);
  }

  /** Writes one more object; returns its key. */
  async add(name: string): Promise<string> {
    const key = `${this.range.prefix}${name}`;
    await this.put(key, name);
    return key;
  }

  /** Deletes a third of the objects, overwrites a third, and adds a tenth. */
  async damage(): Promise<void> {
    const keys = [...this.digests.keys()];
    await eachOf(keys.entries(), { concurrency: this.concurrency }, async ([index, key]) => {
      if (index % 3 === 0) await this.s3.deleteObject({ Bucket: this.range.bucket, Key: key });
      if (index % 3 === 1) await this.put(key, `second of ${key}`);
      if (index % 10 === 9) await this.add(`new ${randomUUID()}`);
    });
  }

  /** Deletes every version and marker, so that the bucket can't restore anything. */
  async destroy(): Promise<void> {
    const all: { Key: string; VersionId: string }[] = [];
    for await (const { key, entries } of histories(this.s3, this.range)) {
      all.push(...entries.map(({ versionId }) => ({ Key: key, VersionId: versionId })));
    }
    for (let from = 0; from < all.length; from += MAX_KEYS_PER_CALL) {
      const Objects = all.slice(from, from + MAX_KEYS_PER_CALL);
      await this.s3.deleteObjects({ Bucket: this.range.bucket, Delete: { Objects, Quiet: true } });
    }
  }

  async has(key: string): Promise<boolean> {
    for await (const { entries } of histories(this.s3, { ...this.range, prefix: key }))
      if (entries[0]?.marker === false) return true;
    return false;
  }

  /** Reads every object and compares it with its expected digest: missing, different and unexpected keys. */
  async compare(): Promise<{ compared: number; differences: string[] }> {
    const { s3: client, range } = this;
    const there = new Set<string>();
    for await (const { key, entries } of histories(client, range)) {
      if (entries[0]?.marker === false) there.add(key);
    }
    const differences = [...there]
      .filter((key) => !this.digests.has(key))
      .map((key) => `${key} is unexpected`);
    let compared = 0;
    await eachOf(this.digests, { concurrency: this.concurrency }, async ([key, digest]) => {
      if (!there.has(key)) return void differences.push(`${key} is missing`);
      compared++;
      if ((await sha256(client, { bucket: range.bucket, key })) !== digest)
        differences.push(`${key} has different content`);
    });
    return { compared, differences };
  }

  private async put(key: string, text: string): Promise<void> {
    await this.s3.putObject({ Bucket: this.range.bucket, Key: key, Body: text, ContentType: "video/mp4" });
    this.wrote(key, [Buffer.from(text)]);
  }

  /** A multipart upload, as browsers do. */
  private async putInParts(Key: string): Promise<void> {
    const target = { Bucket: this.range.bucket, Key };
    const bodies = [Buffer.alloc(PART_BYTES, Key), Buffer.from(`end of ${Key}`)];
    const { UploadId } = await this.s3.createMultipartUpload({ ...target, ContentType: "video/mp4" });
    const Parts: { ETag?: string; PartNumber: number }[] = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { ETag = "" } = await this.s3.uploadPart({ ...target, UploadId, PartNumber, Body });
      Parts.push({ ETag, PartNumber });
    }
    await this.s3.completeMultipartUpload({ ...target, UploadId, MultipartUpload: { Parts } });
    this.wrote(Key, bodies);
  }

  private wrote(key: string, bodies: readonly Buffer[]): void {
    const hash = createHash("sha256");
    for (const body of bodies) hash.update(body);
    this.versions++;
    this.digests.set(key, hash.digest("hex"));
  }
}
