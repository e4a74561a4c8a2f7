import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { findState } from "../../../cli/lib/foundation";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";

const KEY = "streamflow-foundation-111111111111/terraform.tfstate";
let emulator: Emulator;
let s3: S3Client;
const told: string[] = [];

beforeAll(async () => {
  const log = join(mkdtempSync(join(tmpdir(), "foundation-")), "emulator.log");
  emulator = await startEmulator({ accountId: "111111111111", log });
  s3 = new S3Client(config());
});
afterAll(() => emulator.stop());
beforeEach(() => told.splice(0));

const config = () => ({ ...clientConfig(emulator.endpoint, "us-east-1"), forcePathStyle: true });
const find = (bucket: string) => findState(config(), { bucket, key: KEY }, (line) => told.push(line));

/** A bucket of objects whose content is their key. */
async function bucketWith(bucket: string, ...keys: string[]): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
}

async function content(bucket: string): Promise<string | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: KEY }));
  return Body?.transformToString();
}

test("there is no state before the bucket exists, nor where it has only environments' states", async () => {
  expect(await find("not-there")).toBe(false);
  await bucketWith("young", "streamflow-dev/terraform.tfstate");
  expect(await find("young")).toBe(false);
  expect(told).toEqual([]);
});

test("a state that an older version stored under the environments' names is moved, once", async () => {
  const former = "streamflow-foundation-dev-staging/terraform.tfstate";
  await bucketWith("older", former, `${former}.tflock`, "streamflow-dev/terraform.tfstate");
  expect(await find("older")).toBe(true);
  expect(await content("older")).toBe(former);
  expect(told).toEqual([expect.stringContaining(`copied from ${former} to ${KEY}`)]);
  expect(await find("older")).toBe(true);
  expect(told).toHaveLength(1);
});

test("the state in its place is used, even with other files next to it", async () => {
  await bucketWith("newer", KEY, "streamflow-foundation-dev/terraform.tfstate");
  expect(await find("newer")).toBe(true);
  expect([await content("newer"), told]).toEqual([KEY, []]);
});

test("of several older states none is chosen, and the message names them", async () => {
  const keys = ["dev-staging", "dev"].map((names) => `streamflow-foundation-${names}/terraform.tfstate`);
  await bucketWith("forked", ...keys);
  await expect(find("forked")).rejects.toThrow(`${keys.join(", ")}: copy the one`);
});
