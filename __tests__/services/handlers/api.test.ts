import { createVerify, randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Cached } from "../../../handlers/media/cached";
import { Library } from "../../../handlers/media/library";
import type { ListedMedia, Media, MediaDetail } from "../../../handlers/media/media";
import { readMessage } from "../../../handlers/processor/message";
import { MediaStatuses } from "../../../handlers/services/media-statuses";
import { RedisCache } from "../../../handlers/services/redis-cache";
import { until } from "../../../packages/cli-kit/wait-until";
import { ApiPlatform, keyId, publicUrl, type Reply, streams, trace, uploads } from "./api-platform";

const MIB = 1024 * 1024;
const creator = "5f0c9a3e-0000-4000-8000-0000000c4ea7";
const video = {
  title: "Título 😀",
  visibility: "public",
  contentType: "video/mp4",
  sizeBytes: 20 * MIB,
};

interface Upload {
  readonly partSizeBytes: number;
  readonly parts: readonly { partNumber: number; url: string }[];
}

let platform: ApiPlatform;
beforeAll(async () => {
  platform = await ApiPlatform.start();
});
afterAll(() => platform.stop());

const post = (path: string, body?: unknown): Promise<Reply> =>
  platform.call(`POST ${path}`, { caller: creator, ...(body === undefined ? {} : { body }) });

async function begin(fields: Partial<typeof video> = {}): Promise<{ id: string; upload: Upload }> {
  const { status, body } = await post("/media", { ...video, ...fields });
  expect(status).toBe(201);
  const { media, upload } = body as { media: { id: string }; upload: Upload };
  return { id: media.id, upload };
}

/** Like a browser: without credentials, by the URL only. */
async function put(url: string, bytes: Uint8Array): Promise<string> {
  const answer = await fetch(url, { method: "PUT", body: bytes });
  expect(answer.status).toBe(200);
  return answer.headers.get("etag") ?? "";
}

async function putAll({ parts, partSizeBytes }: Upload, bytes: Uint8Array) {
  return Promise.all(
    parts.map(async ({ partNumber, url }) => ({
      partNumber,
      etag: await put(url, bytes.subarray((partNumber - 1) * partSizeBytes, partNumber * partSizeBytes)),
    })),
  );
}

describe("an upload of 20 MB", () => {
  it("arrives byte for byte, with a part that was tried again, and is completed once or twice", async () => {
    const bytes = randomBytes(video.sizeBytes);
    const { id, upload } = await begin();
    expect(upload.parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3]);
    const parts = await putAll(
      { ...upload, parts: upload.parts.filter(({ partNumber }) => partNumber !== 2) },
      bytes,
    );

    const early = await post(`/media/${id}/upload/complete`, { parts });
    expect(early.status).toBe(409);
    expect(early.body).toMatchObject({ detail: "parts part 2 has not arrived" });

    // The connection was lost after half of the part; the console requests a new URL.
    await put(upload.parts[1]?.url ?? "", bytes.subarray(8 * MIB, 9 * MIB));
    const half = await post(`/media/${id}/upload/complete`, {
      parts: [...parts, { partNumber: 2, etag: "0".repeat(32) }],
    });
    expect(half.body).toMatchObject({
      status: 409,
      detail: `parts part 2 has ${MIB} bytes and must have ${8 * MIB}`,
    });
    const fresh = await post(`/media/${id}/upload/parts`, { partNumbers: [2] });
    expect(fresh.status).toBe(200);
    const [again] = (fresh.body as Upload).parts;
    const etag = await put(again?.url ?? "", bytes.subarray(8 * MIB, 16 * MIB));

    const all = { parts: [...parts, { partNumber: 2, etag }] };
    for (let turn = 0; turn < 2; turn++) {
      const done = await post(`/media/${id}/upload/complete`, all);
      expect(done.status).toBe(200);
      expect(done.body).toMatchObject({ id, status: "uploaded", ...video });
    }
    const source = await platform.s3.getObject({ Bucket: uploads, Key: `uploads/${id}/source` });
    expect(source).toMatchObject({ ContentType: "video/mp4", Metadata: { trace } });
    const there = Buffer.from((await source.Body?.transformToByteArray()) ?? []);
    expect(there.equals(bytes)).toBe(true);
    expect(await platform.row(id)).toMatchObject({ owner: creator, status: "uploaded", upload_id: null });
    const { Versions = [] } = await platform.s3.listObjectVersions({
      Bucket: uploads,
      Prefix: `uploads/${id}/`,
    });
    expect(Versions).toHaveLength(1);
  });

  it("that S3 has completed, though the function died before it responded, is completed by a retry", async () => {
    const { id, upload } = await begin({ sizeBytes: 3 });
    const parts = await putAll(upload, Buffer.from("abc"));
    const { upload_id: uploadId } = (await platform.row(id)) ?? {};
    await platform.s3.completeMultipartUpload({
      Bucket: uploads,
      Key: `uploads/${id}/source`,
      UploadId: String(uploadId),
      MultipartUpload: {
        Parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })),
      },
    });
    const done = await post(`/media/${id}/upload/complete`, { parts });
    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({ status: "uploaded" });
  });

  it("can be given up, twice, and leaves nothing in S3", async () => {
    const before = await platform.uploadsUnderWay();
    const { id, upload } = await begin({ sizeBytes: 3 });
    const parts = await putAll(upload, Buffer.from("abc"));
    expect(await platform.uploadsUnderWay()).toBe(before + 1);
    for (let turn = 0; turn < 2; turn++) {
      const done = await post(`/media/${id}/upload/abort`);
      expect(done.status).toBe(200);
      expect(done.body).toMatchObject({
        status: "failed",
        failureReason: "The upload was aborted.",
        failure: { code: "aborted", values: {} },
      });
    }
    expect(await platform.uploadsUnderWay()).toBe(before);
    expect((await post(`/media/${id}/upload/complete`, { parts })).status).toBe(409);
    expect((await fetch(upload.parts[0]?.url ?? "", { method: "PUT", body: "abc" })).ok).toBe(false);
  });

  it("can't be cancelled after the source is complete", async () => {
    const { id, upload } = await begin({ sizeBytes: 3 });
    const parts = await putAll(upload, Buffer.from("abc"));
    expect((await post(`/media/${id}/upload/complete`, { parts })).status).toBe(200);
    expect((await post(`/media/${id}/upload/abort`)).status).toBe(409);
  });
});

describe("a media", () => {
  async function ready(): Promise<string> {
    const { id } = await begin({ sizeBytes: 3 });
    await platform.database
      .admin()
      .query("UPDATE media SET status = 'processing', upload_id = NULL WHERE id = $1", [id]);
    await platform.database
      .admin()
      .query(
        "UPDATE media SET status = 'ready', playback_path = $2, width = 640, height = 360 WHERE id = $1",
        [id, `stream/${id}/abc/`],
      );
    return id;
  }

  it("that is being processed shows its progress, and again none when the cache has forgotten", async () => {
    const { id } = await begin({ sizeBytes: 3 });
    await platform.database.admin().query("UPDATE media SET status = 'processing' WHERE id = $1", [id]);
    const client = new Redis(platform.cache.administrator);
    try {
      const note = { status: "processing", percent: 37, at: new Date().toISOString() };
      await client.set(`streamflow:v1:progress:${id}`, JSON.stringify(note));
      // A request does not wait for a cache that is slow, as it can be on a busy machine.
      await until("the progress is read", async () => {
        const { status, progress } = (await platform.call(`GET /media/${id}`)).body as {
          status: string;
          progress?: number;
        };
        expect(status).toBe("processing");
        return progress === 37;
      });
      await client.del(`streamflow:v1:progress:${id}`);
      expect((await platform.call(`GET /media/${id}`)).body).not.toHaveProperty("progress");
    } finally {
      client.disconnect();
    }
  });

  it("that is ready can be played without a token, with cookies signed by the key in the secret", async () => {
    const id = await ready();
    expect((await platform.call(`GET /media/${id}`)).body).toMatchObject({
      progress: 100,
      width: 640,
      height: 360,
      playback: { url: `/stream/${id}/abc/master.m3u8` },
    });
    const { status, headers } = await platform.call(`GET /media/${id}/playback`);
    expect(status).toBe(200);
    const cookies = headers["set-cookie"] ?? [];
    const [policy = "", signature = "", key = ""] = cookies.map((cookie) => cookie.split(/[=;]/)[1] ?? "");
    const bytes = (text: string) =>
      Buffer.from(text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64");
    expect(key).toBe(keyId);
    expect(createVerify("RSA-SHA1").update(bytes(policy)).verify(platform.publicKey, bytes(signature))).toBe(
      true,
    );
    expect(JSON.parse(bytes(policy).toString())).toMatchObject({
      Statement: [{ Resource: `${publicUrl}/stream/${id}/*` }],
    });
    for (const cookie of cookies)
      expect(cookie).toMatch(`; Path=/stream/${id}/; Secure; HttpOnly; SameSite=Lax`);
  });

  it("that failed is processed again, from the version of its source that is there", async () => {
    const { id } = await begin({ sizeBytes: 3 });
    const put = { Bucket: uploads, Key: `uploads/${id}/source`, Body: "abc" };
    const { VersionId: version, ETag = "" } = await platform.s3.putObject(put);
    await platform.database
      .admin()
      .query(
        "UPDATE media SET status = 'failed', failure_reason = 'x', attempts = 1, source_sequencer = '00B' WHERE id = $1",
        [id],
      );
    const answer = await platform.call(`POST /media/${id}/retry`, { caller: creator });
    expect([answer.status, answer.body]).toMatchObject([200, { status: "uploaded", failureReason: null }]);
    const { Messages = [] } = await platform.sqs.receiveMessage({
      QueueUrl: platform.queueUrl,
      MessageSystemAttributeNames: ["AWSTraceHeader"],
    });
    expect(Messages.map(({ Attributes }) => Attributes?.AWSTraceHeader)).toEqual([trace]);
    expect(readMessage(Messages[0]?.Body ?? "", { uploadsBucket: uploads })).toEqual({
      sources: [
        {
          id,
          bucket: uploads,
          key: put.Key,
          version,
          versioned: true,
          etag: ETag.replaceAll('"', ""),
          sequencer: "00B".padEnd(64, "0"),
        },
      ],
      dropped: [],
    });
  });

  it("is removed with its source and all objects of its stream, and with no other's", async () => {
    const [id, other] = [await ready(), await ready()];
    const names = Array.from({ length: 1_100 }, (_, n) => `abc/video_360p/${String(n).padStart(5, "0")}.m4s`);
    for (const of of [id, other]) {
      await platform.s3.putObject({ Bucket: uploads, Key: `uploads/${of}/source`, Body: "abc" });
      await platform.s3.putObject({ Bucket: streams, Key: `stream/${of}/abc/master.m3u8`, Body: "#EXTM3U" });
    }
    for (let at = 0; at < names.length; at += 50) {
      await Promise.all(
        names
          .slice(at, at + 50)
          .map((name) => platform.s3.putObject({ Bucket: streams, Key: `stream/${id}/${name}`, Body: "x" })),
      );
    }
    expect((await platform.call(`DELETE /media/${id}`, { caller: "somebody-else" })).status).toBe(403);
    const gone = await platform.call(`DELETE /media/${id}`, { caller: creator });
    expect([gone.status, gone.body]).toEqual([204, undefined]);
    expect(await platform.keys(streams, `stream/${id}/`)).toEqual([]);
    expect(await platform.keys(uploads, `uploads/${id}/`)).toEqual([]);
    expect(await platform.row(id)).toBeUndefined();
    expect((await platform.call(`GET /media/${id}`)).status).toBe(404);
    expect((await platform.call(`GET /media/${id}/playback`)).status).toBe(404);
    expect((await platform.call(`DELETE /media/${id}`, { caller: creator })).status).toBe(404);
    expect(await platform.keys(streams, `stream/${other}/`)).toHaveLength(1);
    expect(await platform.keys(uploads, `uploads/${other}/`)).toHaveLength(1);
  });

  it.each([
    ["its removal", 77, 204, (id: string) => platform.call(`DELETE /media/${id}`, { caller: creator })],
    [
      "it became private",
      78,
      200,
      (id: string) =>
        platform.call(`PATCH /media/${id}`, { caller: creator, body: { visibility: "private" } }),
    ],
  ])(
    "is not shown after %s, even after a short outage of Redis, in which the function gave it up",
    async (_, limit, status, hide) => {
      const id = await ready();
      const { username: user, password, ...redis } = platform.cache.administrator;
      const admin = new Redis(platform.cache.administrator);
      const pid = Number(/process_id:(\d+)/.exec(await admin.info("server"))?.[1]);
      // Another instance of the function, whose connections to Redis have not failed.
      const cache = new RedisCache({
        ...redis,
        tls: "none",
        login: { user, password: () => Promise.resolve(password) },
        patience: 60_000,
        onFailure: () => undefined,
      });
      const media: MediaDetail = {
        ...((await platform.call(`GET /media/${id}`)).body as Media & { description: string }),
        playbackPath: null,
        downloadBytes: null,
        shareToken: null,
        eventsKey: null,
      };
      const find = jest.fn<Promise<MediaDetail | undefined>, []>(() => Promise.resolve(media));
      const listPublic = jest.fn<Promise<ListedMedia[]>, []>(() => Promise.resolve([media]));
      const listOwn = () => Promise.resolve([]);
      const repository = { find, listPublic, listOwn, check: () => Promise.resolve() };
      const thumbnails = { add: (item: Media) => Promise.resolve(item) };
      const other = new Library({ repository, cached: new Cached(cache), thumbnails });
      const listed = async () => (await other.list({ limit })).items.map((item) => item.id);
      try {
        expect([await other.find(id), await listed()]).toMatchObject([{ id }, [id]]);
        find.mockResolvedValue(undefined);
        listPublic.mockResolvedValue([]);
        // Answered from the cache.
        expect([await other.find(id), await listed()]).toMatchObject([{ id }, [id]]);
        process.kill(pid, "SIGSTOP");
        expect((await platform.call(`GET /media/${id}`)).status).toBe(200);
        process.kill(pid, "SIGCONT");
        expect((await hide(id)).status).toBe(status);
        expect([await other.find(id), await listed()]).toEqual([undefined, []]);
        for (const path of ["", "/playback"]) {
          const { status: seen, headers } = await platform.call(`GET /media/${id}${path}`);
          expect([seen, headers["set-cookie"]]).toEqual([404, undefined]);
        }
      } finally {
        process.kill(pid, "SIGCONT");
        cache.close();
        admin.disconnect();
      }
    },
  );

  it("whose removal was interrupted is not shown, and can be removed again by its creator", async () => {
    const id = await ready();
    await platform.database.admin().query("UPDATE media SET removing_since = now() WHERE id = $1", [id]);
    await platform.call(`GET /media/${randomUUID()}`);
    expect((await platform.call(`GET /media/${id}`)).status).toBe(404);
    const { items } = (await platform.call("GET /media", { query: { limit: ["99"] } })).body as {
      items: { id: string }[];
    };
    expect(items.map((item) => item.id)).not.toContain(id);
    expect((await platform.call(`DELETE /media/${id}`, { caller: "somebody-else" })).status).toBe(403);
    expect((await platform.call(`DELETE /media/${id}`, { caller: creator })).status).toBe(204);
    expect(await platform.row(id)).toBeUndefined();
  });

  it("whose removal has begun is taken by no processor", async () => {
    const { id } = await begin({ sizeBytes: 3 });
    const { query } = platform.database;
    const statuses = new MediaStatuses({ database: { read: query, write: query } });
    const source = {
      id,
      bucket: uploads,
      key: `uploads/${id}/source`,
      version: "v",
      versioned: true,
      etag: "e",
      sequencer: "1",
    };
    const claim = () =>
      statuses.claim({
        source,
        messageId: "message",
        lease: { id, owner: randomUUID() },
        missing: false,
        seconds: 60,
      });
    await query("UPDATE media SET removing_since = now() WHERE id = $1", [id]);
    expect(await claim()).toEqual({ kind: "unknown" });
    await query("UPDATE media SET removing_since = NULL WHERE id = $1", [id]);
    expect(await claim()).toEqual({ kind: "claimed" });
  });

  it("is not removed while a processor has it, and is when the processor's lease has ended", async () => {
    const { id } = await begin({ sizeBytes: 3 });
    const lease = (seconds: number) =>
      platform.database
        .admin()
        .query(
          "UPDATE media SET status = 'processing', leased_until = now() + make_interval(secs => $2) WHERE id = $1",
          [id, seconds],
        );
    await lease(60);
    expect((await platform.call(`DELETE /media/${id}`, { caller: creator })).status).toBe(409);
    await lease(-1);
    expect((await platform.call(`DELETE /media/${id}`, { caller: creator })).status).toBe(204);
  });
});

it("texts that PostgreSQL can't store are rejected, and all others are returned unchanged", async () => {
  for (const title of ["\u0000", "a\u0000b", "\ud83d", "\u0007"]) {
    expect((await post("/media", { ...video, title })).status).toBe(400);
  }
  for (const title of ["😀".repeat(200), "'; DROP TABLE media; --", "$1", "\ufffe"]) {
    const { status, body } = await post("/media", { ...video, title });
    expect([status, (body as { media: { title: string } }).media.title]).toEqual([201, title]);
  }
});

it("nothing that was logged is a secret or a signed URL", () => {
  const output = platform.media.output();
  expect(output).toContain('"message":"request"');
  expect(output).not.toMatch(/X-Amz-Signature=(?!\[secret\])|PRIVATE KEY|session-of-media|secret-of-media/);
});

describe("eight cold starts at once", () => {
  it("all answer, with data that one of them wrote, and leave no file behind that others could read half-written", async () => {
    const { id } = await begin({ sizeBytes: 3 });
    const temporary = mkdtempSync(join(platform.database.folder, "tmp-"));
    const code = join(platform.database.folder, "media");
    const before = readdirSync(code);
    const functions = Array.from({ length: 8 }, () => platform.startAnother({ TMPDIR: temporary }));
    try {
      const answers = await Promise.all(
        functions.map(async (media) => {
          const health = await platform.call("GET /health", {}, media);
          const list = await platform.call("GET /media", {}, media);
          const own = await platform.call(`GET /me/media/${id}`, { caller: creator }, media);
          return [health, list, own].map(({ status }) => status);
        }),
      );
      expect(answers).toEqual(functions.map(() => [200, 200, 200]));
      expect(functions.map((media) => media.output()).join("")).not.toContain('"level":"ERROR"');
    } finally {
      await Promise.all(functions.map((media) => media.stop()));
    }
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(code)).toEqual(before);
  });
});
