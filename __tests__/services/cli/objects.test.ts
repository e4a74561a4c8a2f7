import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";
import { eachOf } from "../../../packages/cli-kit/concurrency";
import { backupObjects } from "../../../cli/backup-restore/objects/backup";
import { restoreObjects, type RestoreOptions } from "../../../cli/backup-restore/objects/restore";
import { RestoreReport } from "../../../cli/backup-restore/objects/restore-report";
import type { Operation } from "../../../cli/backup-restore/kind";
import type { Moment } from "../../../packages/cli-kit/timestamp";
import { stepsTo } from "../../../cli/drill/drill-steps";
import { objects } from "../../../cli/backup-restore/objects/kind";
import { nextSecond } from "../../support/next-second";
import { histories } from "../../../cli/backup-restore/objects/versions";

const MIB = 1 << 20;
const bucket = "uploads";
const backup = { bucket: "backup", storageClass: "STANDARD_IA" } as const;
let emulator: Emulator;
let s3: S3;

beforeAll(async () => {
  const log = join(mkdtempSync(join(tmpdir(), "objects-")), "emulator.log");
  emulator = await startEmulator({ accountId: "111111111111", log });
  s3 = new S3(clientConfig(emulator.endpoint, "us-east-1"));
  for (const Bucket of [bucket, backup.bucket]) {
    await s3.createBucket({ Bucket });
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
  }
});
afterAll(async () => {
  s3.destroy();
  await emulator.stop();
});

const put = (Key: string, Body: string | Buffer, more: object = {}) =>
  s3.putObject({ Bucket: bucket, Key, Body, ...more });
const remove = (Key: string) => s3.deleteObject({ Bucket: bucket, Key });

async function putInParts(Key: string, parts: readonly Buffer[], more: object = {}): Promise<void> {
  const { UploadId } = await s3.createMultipartUpload({ Bucket: bucket, Key, ...more });
  const Parts: { ETag?: string; PartNumber: number }[] = [];
  for (const [index, Body] of parts.entries()) {
    const part = { Bucket: bucket, Key, UploadId, PartNumber: index + 1 };
    const { ETag = "" } = await s3.uploadPart({ ...part, Body });
    Parts.push({ ETag, PartNumber: part.PartNumber });
  }
  await s3.completeMultipartUpload({ Bucket: bucket, Key, UploadId, MultipartUpload: { Parts } });
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** SHA-256 of every object below a prefix. */
async function view(prefix: string, from = bucket): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const keys: string[] = [];
  for await (const { key, entries } of histories(s3, { bucket: from, prefix }))
    if (!entries[0]?.marker) keys.push(key);
  await eachOf(keys, { concurrency: 16 }, async (key) => {
    const { Body } = await s3.getObject({ Bucket: from, Key: key });
    found[key] = sha256((await Body?.transformToByteArray()) ?? Buffer.alloc(0));
  });
  return Object.fromEntries(keys.map((key) => [key, found[key] ?? ""]));
}

const restore = (prefix: string, time: Date, more: Partial<RestoreOptions> = {}) =>
  restoreObjects({
    client: s3,
    bucket,
    prefix,
    time,
    keptSince: new Date(0),
    exact: true,
    dryRun: false,
    backup: { bucket: backup.bucket, prefix },
    ...more,
  });
const keep = (prefix: string, more: { read?: boolean; dryRun?: boolean } = {}) =>
  backupObjects({ client: s3, bucket, backup, prefix, read: false, dryRun: false, ...more });

async function versionsOf(prefix: string): Promise<number> {
  let count = 0;
  for await (const { entries } of histories(s3, { bucket, prefix })) count += entries.length;
  return count;
}

it("restores thousands of versions to a point in time, and resumes after an interruption", async () => {
  const keys = Array.from({ length: 1_200 }, (_, index) => `many/${index % 7}/object ${index}+ü`);
  await eachOf(keys, { concurrency: 24 }, async (key) => void (await put(key, `first of ${key}`)));
  const before = Object.fromEntries(keys.map((key) => [key, sha256(Buffer.from(`first of ${key}`))]));
  const time = await nextSecond();
  await eachOf(keys.entries(), { concurrency: 24 }, async ([index, key]) => {
    if (index % 3 === 0) await remove(key);
    if (index % 3 === 1) await put(key, `second of ${key}`);
  });
  await put("many/late", "came later");
  const total = await versionsOf("many/");
  expect(total).toBe(2_001);

  const dry = await restore("many/", time, { dryRun: true });
  expect(dry).toMatchObject({ keys: 1_201, same: 400, copied: 800, later: 1, failed: [], lost: [] });
  expect(dry.first).toHaveLength(10);
  expect(await versionsOf("many/")).toBe(total);

  const broken = new AbortController();
  const partly = new RestoreReport();
  const watched = setInterval(() => partly.copied > 100 && broken.abort(), 1);
  await restore("many/", time, { signal: broken.signal, report: partly });
  clearInterval(watched);
  expect(partly.copied).toBeGreaterThan(100);
  expect(partly.copied).toBeLessThan(700);

  const rest = await restore("many/", time);
  expect(rest.copied).toBe(800 - partly.copied);
  expect(await view("many/")).toEqual(before);
  // Every earlier version still exists.
  expect(await versionsOf("many/")).toBe(total + 801);
});

it("leaves alone what came later unless it is to be exact", async () => {
  await put("later/old", "old");
  const time = await nextSecond();
  await put("later/new", "new");
  expect(await restore("later/", time, { exact: false })).toMatchObject({ same: 1, later: 1, copied: 0 });
  expect(Object.keys(await view("later/"))).toEqual(["later/new", "later/old"]);
});

it("copies a multipart object in the same parts, with all that readers see of it", async () => {
  const seen = {
    ContentType: "video/mp4",
    CacheControl: "no-store",
    ContentDisposition: "attachment",
    Metadata: { trace: "Root=1-2-3", title: "t" },
  };
  await putInParts("parts/even", [Buffer.alloc(5 * MIB, "a"), Buffer.alloc(5 * MIB, "b"), Buffer.from("c")], {
    ...seen,
    Tagging: "kind=source&of=a%20video",
  });
  await putInParts("parts/uneven", [
    Buffer.alloc(6 * MIB, "a"),
    Buffer.alloc(5 * MIB, "b"),
    Buffer.from("c"),
  ]);
  await putInParts("parts/one", [Buffer.from("only")], seen);
  await put("parts/whole", "whole", seen);
  const keys = ["even", "uneven", "one", "whole"].map((name) => `parts/${name}`);
  const heads = await Promise.all(keys.map((Key) => s3.headObject({ Bucket: bucket, Key })));
  const time = await nextSecond();
  await eachOf(keys, { concurrency: 4 }, async (key) => void (await put(key, "overwritten")));
  const report = await restore("parts/", time);
  expect(report).toMatchObject({ copied: 4, failed: [] });
  expect(report.lines({ dryRun: false, exact: true })).toContain(
    "copies compared with their sources: 4 by ETag",
  );
  for (const [index, Key] of keys.entries()) {
    const {
      VersionId: old,
      ETag,
      ContentType,
      CacheControl,
      ContentDisposition,
      Metadata,
    } = heads[index] ?? {};
    const now = await s3.headObject({ Bucket: bucket, Key });
    expect(now).toMatchObject({ ETag, Metadata, ContentType });
    expect([now.CacheControl, now.ContentDisposition]).toEqual([CacheControl, ContentDisposition]);
    expect(now.VersionId).not.toBe(old);
  }
  const { TagSet } = await s3.getObjectTagging({ Bucket: bucket, Key: "parts/even" });
  expect(TagSet).toEqual([
    { Key: "kind", Value: "source" },
    { Key: "of", Value: "a video" },
  ]);
});

it("restores headers, though the bytes are the same", async () => {
  await put("headers/page", "bytes", { ContentType: "text/html", Metadata: { b: "1", a: "2" } });
  const time = await nextSecond();
  await put("headers/page", "bytes", { ContentType: "text/plain" });
  expect(await restore("headers/", time)).toMatchObject({ copied: 1 });
  expect(await s3.headObject({ Bucket: bucket, Key: "headers/page" })).toMatchObject({
    ContentType: "text/html",
  });
  expect(await restore("headers/", time)).toMatchObject({ same: 1, copied: 0 });
});

it("copies from the backup bucket what the bucket has no version of, and reports what is lost", async () => {
  await put("gone/kept", "kept", { ContentType: "video/mp4" });
  await put("gone/never", "never backed up");
  const time = await nextSecond();
  expect(await keep("gone/kept")).toMatchObject({ keys: 1, missing: ["gone/kept"], failed: [] });
  for (const Key of ["gone/kept", "gone/never"]) {
    await remove(Key);
    // Like a lifecycle rule after its days.
    const { Versions = [] } = await s3.listObjectVersions({ Bucket: bucket, Prefix: Key });
    for (const { VersionId } of Versions) await s3.deleteObject({ Bucket: bucket, Key, VersionId });
  }
  const keptSince = new Date(Date.now() + 60_000);
  const report = await restore("gone/", time, { keptSince });
  expect(report).toMatchObject({ copied: 1, fromBackup: 1, lost: ["gone/never"], whole: false });
  expect(await (await s3.getObject({ Bucket: bucket, Key: "gone/kept" })).Body?.transformToString()).toBe(
    "kept",
  );
  // Nothing of the temporary copy is left.
  expect((await s3.headObject({ Bucket: bucket, Key: "gone/kept" })).Metadata).toEqual({});
  expect(report.lines({ dryRun: false, exact: true }).join("\n")).toContain("gone/never");
});

it("completes the backup bucket, repairs differing copies, and keeps deleted objects", async () => {
  await eachOf(
    Array(50).keys(),
    { concurrency: 16 },
    async (index) => void (await put(`backed/${index}`, `object ${index}`)),
  );
  await putInParts("backed/parts", [Buffer.alloc(5 * MIB, "a"), Buffer.from("b")]);
  expect(await keep("backed/", { dryRun: true })).toMatchObject({ same: 0, missing: { length: 51 } });
  expect(await view("backed/", backup.bucket)).toEqual({});
  expect(await keep("backed/")).toMatchObject({
    same: 0,
    missing: { length: 51 },
    different: [],
    failed: [],
  });
  expect(await view("backed/", backup.bucket)).toEqual(await view("backed/"));
  expect((await s3.headObject({ Bucket: backup.bucket, Key: "backed/7" })).StorageClass).toBe("STANDARD_IA");
  expect(await keep("backed/")).toMatchObject({ same: 51, missing: [], different: [] });

  // Another object of the same length.
  await s3.putObject({ Bucket: backup.bucket, Key: "backed/7", Body: "abject 7" });
  await remove("backed/8");
  expect(await keep("backed/", { read: true })).toMatchObject({ same: 49, different: ["backed/7"], kept: 1 });
  expect(await keep("backed/")).toMatchObject({ same: 50, different: [], kept: 1 });
  expect(await view("backed/", backup.bucket)).toMatchObject(await view("backed/"));
});

it("finds a copy that differs from its source, and copies it again the next time", async () => {
  await put("wrong/one", "right");
  await put("wrong/two", "right");
  await put("planted", "wrong");
  const time = await nextSecond();
  for (const name of ["one", "two"]) await remove(`wrong/${name}`);
  // A store that copies other content for one key.
  const liar = new S3(clientConfig(emulator.endpoint, "us-east-1"));
  liar.middlewareStack.add(
    (next) => (args) => {
      const input = args.input as { CopySource?: string };
      if (input.CopySource?.includes("wrong/two")) input.CopySource = `${bucket}/planted`;
      return next(args);
    },
    { step: "initialize" },
  );
  const report = await restore("wrong/", time, { client: liar });
  liar.destroy();
  expect(report).toMatchObject({ copied: 1, whole: false });
  expect(report.failed).toEqual([
    { key: "wrong/two", why: expect.stringContaining("differs from its source") },
  ]);
  expect(await restore("wrong/", time)).toMatchObject({ same: 1, copied: 1, whole: true });
});

describe("the commands", () => {
  const told: string[] = [];
  const steps = stepsTo((line) => told.push(line));
  const operation = (more: Partial<Operation>): Operation & { to: Moment | undefined } => ({
    prepared: {
      access: { client: clientConfig(emulator.endpoint, "us-east-1") },
      target: { name: "dev" },
      stack: { outputs: () => Promise.resolve({ uploads_bucket: bucket, streams_bucket: 5 }) },
    } as unknown as Operation["prepared"],
    steps,
    dryRun: false,
    yes: false,
    accept: undefined,
    ask: undefined,
    values: {},
    began: new Date(),
    to: "latest",
    ...more,
  });

  beforeAll(async () => {
    told.length = 0;
    const Destination = { Bucket: `arn:aws:s3:::${backup.bucket}`, StorageClass: "STANDARD_IA" } as const;
    const Rules = [{ Status: "Enabled" as const, Prefix: "", Destination }];
    await s3.putBucketReplication({
      Bucket: bucket,
      ReplicationConfiguration: { Role: "arn:aws:iam::111111111111:role/replication", Rules },
    });
    await s3.putBucketLifecycleConfiguration({
      Bucket: bucket,
      LifecycleConfiguration: {
        Rules: [
          { Status: "Enabled", Filter: { Prefix: "" }, NoncurrentVersionExpiration: { NoncurrentDays: 7 } },
        ],
      },
    });
    await put("uploads/a/source", "a");
    await put("uploads/b/source", "b");
  });
  afterAll(() => steps.end());

  it("back up one bucket's keys, and restore them after the confirmation", async () => {
    await objects.backup(operation({ values: { bucket: "uploads" } }));
    expect(await view("uploads/", backup.bucket)).toEqual(await view("uploads/"));
    const time = await nextSecond();
    await remove("uploads/a/source");
    const values = { bucket: "uploads", prefix: "uploads/" } as const;
    const asked = { to: time, values };
    await objects.restore(operation({ ...asked, dryRun: true }));
    expect(told).toContain("    uploads/a/source");
    expect(told).toContain("dry run: nothing was changed");
    await expect(objects.restore(operation(asked as Partial<Operation>))).rejects.toThrow(
      "no terminal to ask for confirmation; nothing was changed. Pass --yes.",
    );
    const no = { ...asked, ask: () => Promise.resolve("no") } as Partial<Operation>;
    await expect(objects.restore(operation(no))).rejects.toThrow('not confirmed (answer "no")');
    expect(Object.keys(await view("uploads/"))).toEqual(["uploads/b/source"]);
    await objects.restore(operation({ ...asked, yes: true }));
    expect(Object.keys(await view("uploads/"))).toEqual(["uploads/a/source", "uploads/b/source"]);
    expect(told.join("\n")).toMatch(/has old versions since \d{4}-/);
    expect(told).toContain("  2 unchanged, 0 left to restore");
    await objects.restore(operation({ ...asked, yes: true }));
    expect(told.at(-1)).toBe("nothing to restore");
  });

  it.each<[object, RegExp]>([
    [{}, /missing --bucket: must be one of uploads, streams, static/],
    [{ bucket: "streams" }, /the stack has no output streams_bucket/],
  ])("refuse to restore %j", async (values, why) => {
    await expect(objects.restore(operation({ values }))).rejects.toThrow(why);
  });

  it("fail when something is lost", async () => {
    const Key = "uploads/never/source";
    const { VersionId } = await put(Key, "never backed up");
    await remove(Key);
    // Like a lifecycle rule, as many days later as given.
    await s3.deleteObject({ Bucket: bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) });
    const began = new Date(Date.now() + 8 * 86_400_000);
    const to = new Date(Date.now() - 60_000);
    const run = objects.restore(
      operation({
        began,
        to,
        yes: true,
        values: { bucket: "uploads", prefix: "uploads/never" },
      } as Partial<Operation>),
    );
    await expect(run).rejects.toThrow("1 keys have no version left in either bucket");
    expect(told.join("\n")).toContain("lost: no version in either bucket");
  });
});
