import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { headersOf } from "../../../handlers/processor/output";
import { ObjectStore } from "../../../handlers/services/object-store";
import { keys, region } from "../../../harness/database";
import { until } from "../../../packages/cli-kit/wait-until";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";

const Bucket = "streams-test";
const folder = mkdtempSync(join(tmpdir(), "object-store-"));
let emulator: Emulator;
let client: S3;
let store: ObjectStore;

beforeAll(async () => {
  emulator = await startEmulator({ accountId: "111111111111", log: join(folder, "emulator.log") });
  client = new S3({ endpoint: emulator.endpoint, region, credentials: keys, forcePathStyle: true });
  await client.createBucket({ Bucket });
  store = new ObjectStore({ client, uploadsBucket: Bucket, streamsBucket: Bucket });
});
afterAll(async () => {
  client.destroy();
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

const MEBIBYTE = 1 << 20;
const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function fileOf(name: string, mebibytes: number): { readonly file: string; readonly digest: string } {
  const content = randomBytes(mebibytes * MEBIBYTE);
  const file = join(folder, name);
  writeFileSync(file, content);
  return { file, digest: digestOf(content) };
}

it.each([
  ["video_720p/segment_00000.m4s", 1, undefined],
  ["download.mp4", 70, 3],
])("uploads %s of %i MiB in %s parts, with the headers of its kind", async (name, mebibytes, parts) => {
  const { file, digest } = fileOf("file", mebibytes);
  const headers = headersOf(name);
  await store.upload({ key: name, file, headers, signal: new AbortController().signal });
  const { Body, ...object } = await client.getObject({ Bucket, Key: name });
  expect(digestOf((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(digest);
  expect(object).toMatchObject({ ContentType: headers.contentType, CacheControl: headers.cacheControl });
  expect(object.ContentDisposition).toBe(headers.contentDisposition);
  expect(/-(\d+)"$/.exec(object.ETag ?? "")?.[1]).toBe(parts === undefined ? undefined : String(parts));
});

it("leaves no parts behind when an upload is stopped", async () => {
  const { file } = fileOf("stopped", 70);
  const stop = new AbortController();
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === "UploadPartCommand") stop.abort(new Error("the lease is lost"));
        return next(args);
      },
    { step: "initialize", name: "stop" },
  );
  try {
    const upload = store.upload({
      key: "stopped.mp4",
      file,
      headers: headersOf("download.mp4"),
      signal: stop.signal,
    });
    await expect(upload).rejects.toThrow();
  } finally {
    client.middlewareStack.remove("stop");
  }
  await until("the parts are gone", async () => {
    const { Uploads = [] } = await client.listMultipartUploads({ Bucket });
    return Uploads.length === 0;
  });
  await expect(client.headObject({ Bucket, Key: "stopped.mp4" })).rejects.toThrow();
});

it("tries an upload again that fails minutes after its start, but soon after its last part", async () => {
  const { file, digest } = fileOf("slow", 70);
  const began = Date.now();
  let [minutes, parts] = [0, 0];
  const clock = jest.spyOn(Date, "now").mockImplementation(() => began + minutes * 60_000);
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== "UploadPartCommand") return next(args);
        if (++parts === 3) throw Object.assign(new Error("SlowDown"), { $metadata: { httpStatusCode: 503 } });
        const answer = await next(args);
        minutes = 3;
        return answer;
      },
    { step: "initialize", name: "slow" },
  );
  try {
    const headers = headersOf("download.mp4");
    await store.upload({ key: "slow.mp4", file, headers, signal: new AbortController().signal });
  } finally {
    client.middlewareStack.remove("slow");
    clock.mockRestore();
  }
  expect(parts).toBe(6);
  const { Body } = await client.getObject({ Bucket, Key: "slow.mp4" });
  expect(digestOf((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(digest);
});
