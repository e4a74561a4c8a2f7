import { failureReason } from "../../../handlers/media/failure-reasons";
import { LIMITS, partSizeOf, partsOf } from "../../../handlers/media/limits";
import { Unavailable, type Visibility } from "../../../handlers/media/media";
import { aMedia } from "../fakes";
import { asked } from "../asked";
import { aWorld, creator, etagOf, requestId } from "./world";

const MIB = 1024 * 1024;
const video = { title: "Sunrise", contentType: "video/mp4", sizeBytes: 20 * MIB };
const stranger = "somebody-else";

/** A world with one upload in progress. */
async function begun(fields: Partial<typeof video> & { visibility?: Visibility } = {}) {
  const world = aWorld();
  const answer = await world.ask("/media", { method: "POST", body: { ...video, ...fields } });
  expect(answer.status).toBe(201);
  const { media, upload } = (await answer.json()) as {
    media: { id: string };
    upload: { partSizeBytes: number; parts: { partNumber: number; url: string }[]; expiresAt: string };
  };
  const { id } = media;
  const uploadId = world.registry.known.get(id)?.uploadId ?? "";
  const post = (step: string, body?: unknown, caller?: string) =>
    world.ask(`/media/${id}/upload/${step}`, { method: "POST", body, caller });
  const putAll = () =>
    partsOf(fields.sizeBytes ?? video.sizeBytes).map(({ partNumber, sizeBytes }) =>
      world.uploads.put(uploadId, partNumber, sizeBytes),
    );
  return { ...world, answer, media, upload, id, uploadId, post, putAll };
}

describe("POST /media", () => {
  it("registers a media of the caller's and answers a URL for each part", async () => {
    const { answer, media, upload, id, registry } = await begun();
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("location")).toBe(`/api/me/media/${id}`);
    expect(media).toMatchObject({ ...video, status: "registered", failureReason: null });
    expect(upload.partSizeBytes).toBe(8 * MIB);
    expect(upload.parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3]);
    expect(upload.parts[2]?.url).toContain(`size=${4 * MIB}`);
    expect(Math.abs(Date.parse(upload.expiresAt) - Date.now() - 3_600_000)).toBeLessThan(5_000);
    expect(registry.known.get(id)?.owner).toBe(creator);
  });

  it("shows the new media in the list of its creator", async () => {
    const { ask } = aWorld();
    expect(await (await ask("/me/media")).json()).toEqual({ items: [] });
    await ask("/media", { method: "POST", body: video });
    expect(await (await ask("/me/media")).json()).toMatchObject({ items: [{ title: "Sunrise" }] });
  });

  it("keeps the request's trace with the source", async () => {
    const { ask, uploads } = aWorld();
    const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    await ask("/media", { method: "POST", body: video, trace });
    expect([...uploads.open.values()]).toMatchObject([{ trace }]);
  });

  it.each([
    [{ title: "" }, "title must have from 1 to 200 characters; title must not be blank"],
    [{ title: " \t " }, "title must not be blank; title must not have control characters"],
    [{ title: "x".repeat(201) }, "title must have from 1 to 200 characters"],
    [{ title: "a\u0000b" }, "title must not have control characters"],
    [{ title: "\ud83d" }, "title must not have control characters"],
    [{ title: 7 }, "title must be a string"],
    [{ title: undefined }, "title must be a string"],
    [{ contentType: "text/html" }, "contentType must be the type of a video, such as video/mp4"],
    [{ contentType: "video/" }, "contentType must be the type of a video, such as video/mp4"],
    [{ contentType: "video/mp4\r\nx: y" }, "contentType must be the type of a video, such as video/mp4"],
    [{ sizeBytes: 0 }, "sizeBytes must be at least 1 byte"],
    [{ sizeBytes: LIMITS.sizeBytes + 1 }, `sizeBytes must be at most ${LIMITS.sizeBytes} bytes`],
    [{ sizeBytes: 1.5 }, "sizeBytes must be a whole number of bytes"],
    [{ sizeBytes: "1" }, "sizeBytes must be a whole number of bytes"],
    [{ owner: "me" }, "owner is unknown"],
  ])("refuses %j: %s", async (wrong, detail) => {
    const { ask, uploads, repository } = aWorld();
    const answer = await ask("/media", { method: "POST", body: { ...video, ...wrong } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail });
    expect([uploads.open.size, repository.rows.length]).toEqual([0, 0]);
  });

  it("refuses a source that no processor of the environment has room for, with the number", async () => {
    const { ask, uploads } = aWorld([], { maxSourceBytes: 1_000 });
    const answer = await ask("/media", { method: "POST", body: { ...video, sizeBytes: 1_001 } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: "sizeBytes must be at most 1000 bytes" });
    expect(uploads.open.size).toBe(0);
    expect((await ask("/media", { method: "POST", body: { ...video, sizeBytes: 1_000 } })).status).toBe(201);
  });

  it.each([
    ["quota-videos", { videos: 1 }, "1 videos"],
    ["quota-bytes", { bytes: 2_000 }, "2000 bytes"],
    ["quota-minutes", { minutes: 2 }, "2 minutes"],
  ])("is refused above the quota: %s", async (code, quota, most) => {
    const quotas = { videos: 9, bytes: 9_000, minutes: 9, ...quota };
    const before = aMedia({ owner: creator, sizeBytes: 1_001, durationSeconds: 120 });
    const { ask, uploads } = aWorld([before, aMedia({ owner: stranger, sizeBytes: 8_999 })], { quotas });
    const small = { ...video, sizeBytes: 1_000 };
    const answer = await ask("/media", { method: "POST", body: small });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3600"]);
    const detail = `a creator may upload ${most} within 24 hours: try again later`;
    expect(await answer.json()).toMatchObject({ code, detail });
    expect(uploads.open.size).toBe(0);
    const other = await ask("/media", {
      method: "POST",
      body: { ...small, sizeBytes: 1 },
      caller: "another",
    });
    expect(other.status).toBe(201);
  });

  it.each([
    ["quota-videos", { videos: 5 }],
    ["quota-bytes", { bytes: 5_000 }],
  ])(
    "that begins with 19 others is refused above the quota, and leaves nothing in S3: %s",
    async (code, quota) => {
      const quotas = { videos: 99, bytes: 99_000, minutes: 9, ...quota };
      const { ask, uploads } = aWorld([], { quotas });
      const body = { ...video, sizeBytes: 1_000 };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => ask("/media", { method: "POST", body })),
      );
      const refused = answers.filter(({ status }) => status === 429);
      expect([answers.filter(({ status }) => status === 201).length, refused.length]).toEqual([5, 15]);
      for (const answer of refused) expect(await answer.json()).toMatchObject({ code });
      expect(uploads.open.size).toBe(5);
    },
  );

  it("may use up the quota of bytes exactly", async () => {
    const quotas = { videos: 9, bytes: 1_000, minutes: 9 };
    const { ask } = aWorld([], { quotas });
    expect((await ask("/media", { method: "POST", body: { ...video, sizeBytes: 1_000 } })).status).toBe(201);
  });

  it.each([
    ["VIDEO/MP4", "video/mp4"],
    ['video/mp4; codecs="avc1.42E01E, mp4a.40.2"', "video/mp4"],
    ["Video/X-Matroska ;codecs=avc1", "video/x-matroska"],
  ])("accepts the type %s, as %s", async (contentType, stored) => {
    const answer = await aWorld().ask("/media", { method: "POST", body: { ...video, contentType } });
    expect(await answer.json()).toMatchObject({ media: { contentType: stored } });
  });

  it("accepts 200 characters that JavaScript counts as 400", async () => {
    await begun({ title: "😀".repeat(200) });
  });

  it.each([
    ["a list", "[]", 400, "body must be a JSON object"],
    ["null", "null", 400, "body must be a JSON object"],
    ["half of JSON", "{", 400, "body must be JSON in UTF-8"],
    ["nothing", "", 400, "body must be JSON in UTF-8"],
    ["no UTF-8", Buffer.from([0x22, 0xff, 0x22]), 400, "body must be JSON in UTF-8"],
    [
      "too much",
      " ".repeat(LIMITS.bodyBytes + 1),
      413,
      "the body must have at most 262144 bytes, got 262145",
    ],
  ])("refuses a body of %s", async (_, body, status, detail) => {
    const { app } = aWorld();
    const init = { method: "POST", body, headers: { "content-type": "application/json; charset=utf-8" } };
    const answer = await asked(app, "/media", init, { requestId, caller: creator });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ detail });
  });

  it.each(["Application/JSON", 'application/json;charset="UTF-8"', " APPLICATION/json ; a=b", undefined])(
    "accepts a body of type %s",
    async (type) => {
      const { app } = aWorld();
      const headers = type === undefined ? {} : { "content-type": type };
      const init = { method: "POST", body: Buffer.from(JSON.stringify(video)), headers };
      expect((await asked(app, "/media", init, { requestId, caller: creator })).status).toBe(201);
    },
  );

  it.each(["constructor", "__proto__", "toString"])("refuses a member whose name is %s", async (name) => {
    const { app } = aWorld();
    const body = `${JSON.stringify(video).slice(0, -1)},"${name}":{"title":"y"}}`;
    const init = { method: "POST", body, headers: { "content-type": "application/json" } };
    const answer = await asked(app, "/media", init, { requestId, caller: creator });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ parameter: name, detail: "is unknown" }] });
  });

  it.each([
    "text/plain",
    "application/xml",
    "constructor",
    "application/jsonp",
    "multipart/form-data; boundary=x",
  ])("refuses a body of type %s", async (type) => {
    const { app } = aWorld();
    const init = { method: "POST", body: JSON.stringify(video), headers: { "content-type": type } };
    expect((await asked(app, "/media", init, { requestId, caller: creator })).status).toBe(415);
  });

  it("names no more than 20 mistakes, and shortens names", async () => {
    const { ask } = aWorld();
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${n}${"x".repeat(300)}`, n]));
    const answer = await ask("/media", { method: "POST", body: { ...video, ...many } });
    const { detail, errors } = (await answer.json()) as { detail: string; errors: { parameter: string }[] };
    expect(errors).toHaveLength(20);
    expect(detail).toMatch(/; and 80 more mistakes$/);
    expect(errors.every(({ parameter }) => parameter.length <= 100)).toBe(true);
  });
});

describe("the parts of an upload", () => {
  it.each([1, 8 * MIB, 8 * MIB + 1, 8_000 * MIB, 8_000 * MIB + 1, LIMITS.sizeBytes])(
    "of %i bytes are as many as S3 takes, of sizes that it takes, and add up",
    (size) => {
      const parts = partsOf(size);
      expect(parts.length).toBeLessThanOrEqual(LIMITS.parts);
      expect(parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(size);
      for (const { sizeBytes } of parts.slice(0, -1)) expect(sizeBytes).toBe(partSizeOf(size));
      expect(parts.at(-1)?.sizeBytes).toBeGreaterThan(0);
      expect(partSizeOf(size)).toBeLessThanOrEqual(5 * 1024 * MIB);
    },
  );

  it("get fresh URLs, each once", async () => {
    const { post, uploadId } = await begun();
    const answer = await post("parts", { partNumbers: [3, 1, 3] });
    expect(answer.status).toBe(200);
    const { parts } = (await answer.json()) as { parts: { partNumber: number; url: string }[] };
    expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 3]);
    expect(parts[0]?.url).toContain(uploadId);
  });

  it.each([
    [[4], "partNumbers.0 must be from 1 to 3"],
    [[], "partNumbers must list at least one part"],
    [[1, 1001], "partNumbers.1 must be from 1 to 1000"],
    [[0], "partNumbers.0 must be from 1 to 1000"],
    ["all", "partNumbers must be a list of part numbers"],
  ])("that are none (%j) get no URLs", async (partNumbers, detail) => {
    const { post } = await begun();
    const answer = await post("parts", { partNumbers });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail });
  });
});

describe("POST /media/{id}/upload/complete", () => {
  it("completes the source from the parts in any order, and sets the media to uploaded", async () => {
    const { post, putAll, uploads, id, ask } = await begun();
    const answer = await post("complete", { parts: putAll().reverse() });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id, status: "uploaded" });
    expect(uploads.sources.get(id)).toBe(video.sizeBytes);
    expect(await (await ask(`/me/media/${id}`)).json()).toMatchObject({ status: "uploaded" });
  });

  it("done twice, is done once", async () => {
    const { post, putAll } = await begun();
    const parts = putAll();
    await post("complete", { parts });
    const again = await post("complete", { parts });
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ status: "uploaded" });
  });

  it("can be repeated when S3 had done it, but the answer was lost", async () => {
    const { post, putAll, uploads, id } = await begun();
    const parts = putAll();
    uploads.lost = new Unavailable("s3 does not answer");
    const lost = await post("complete", { parts });
    expect(lost.status).toBe(503);
    expect(await lost.json()).toMatchObject({ detail: "s3 does not answer; try again" });
    const again = await post("complete", { parts });
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ id, status: "uploaded" });
  });

  it("leaves a media alone that a processor was quicker to take", async () => {
    const { post, putAll, repository, registry, id } = await begun();
    const parts = putAll();
    const [row] = repository.rows;
    if (row) repository.rows[0] = { ...row, status: "processing" };
    const answer = await post("complete", { parts });
    expect(await answer.json()).toMatchObject({ status: "processing" });
    expect(registry.known.get(id)?.uploadId).toBeNull();
  });

  it("lists the error of each part", async () => {
    const { post, uploads, uploadId } = await begun();
    uploads.put(uploadId, 1, 5);
    uploads.put(uploadId, 2, 8 * MIB);
    const answer = await post("complete", { parts: [{ partNumber: 2, etag: etagOf(7) }] });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      code: "invalid",
      errors: [
        { parameter: "parts", detail: `part 1 has 5 bytes and must have ${8 * MIB}` },
        { parameter: "parts", detail: `part 2 has the ETag ${etagOf(2)}` },
        { parameter: "parts", detail: "part 3 has not arrived" },
      ],
    });
  });

  it.each([
    [[1, 2, 3, 3], "parts must list each part once"],
    [[1, 2, 3, 4], "parts must list 3 parts"],
    [[1, 3], "parts part 2 is not listed"],
  ])("requires parts that match the uploaded ones: %j", async (numbers, detail) => {
    const { post, putAll } = await begun();
    putAll();
    const parts = numbers.map((partNumber) => ({ partNumber, etag: etagOf(partNumber) }));
    const answer = await post("complete", { parts });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ detail });
  });

  it("accepts ETags in quotes, like those of S3", async () => {
    const { post, putAll } = await begun();
    const parts = putAll().map((part) => ({ ...part, etag: `"${part.etag.toUpperCase()}"` }));
    expect((await post("complete", { parts })).status).toBe(200);
  });

  it("asks to try again when a part was replaced meanwhile", async () => {
    const { post, putAll, uploads } = await begun();
    uploads.ending = "changed";
    const changed = await post("complete", { parts: putAll() });
    expect(changed.status).toBe(409);
    expect(await changed.json()).toMatchObject({ code: "changed" });
    uploads.ending = "done";
    expect((await post("complete", { parts: putAll() })).status).toBe(200);
  });

  it("is rejected when neither the upload nor a source exists", async () => {
    const { post, putAll, uploads } = await begun();
    const parts = putAll();
    uploads.open.clear();
    const answer = await post("complete", { parts });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: "upload-lost" });
  });
});

describe("POST /media/{id}/upload/abort", () => {
  it("forgets the parts and fails the media, once or twice", async () => {
    const { post, putAll, uploads } = await begun();
    putAll();
    for (let turn = 0; turn < 2; turn++) {
      const answer = await post("abort");
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        status: "failed",
        failureReason: "The upload was aborted.",
        failure: { code: "aborted", values: {} },
      });
    }
    expect(uploads.open.size).toBe(0);
  });

  it("is the end of the upload: nothing can be completed or uploaded any more", async () => {
    const { post, putAll } = await begun();
    const parts = putAll();
    await post("abort");
    for (const [step, body] of [
      ["complete", { parts }],
      ["parts", { partNumbers: [1] }],
    ] as const) {
      const answer = await post(step, body);
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: "upload-aborted" });
    }
  });

  it("is rejected when the source is complete, even without a notification", async () => {
    const { post, putAll, uploads, ask, id } = await begun();
    const parts = putAll();
    uploads.lost = new Unavailable("s3 does not answer");
    await post("complete", { parts });
    const complete = await post("abort");
    expect(complete.status).toBe(409);
    expect(await complete.json()).toMatchObject({ code: "upload-complete" });
    expect(await (await ask(`/me/media/${id}`)).json()).toMatchObject({ status: "uploaded" });
    expect((await post("abort")).status).toBe(409);
  });

  it.each(["expired", "gone"] as const)("has happened to an upload that failed as %s", async (code) => {
    const { post, putAll, registry, id } = await begun();
    const parts = putAll();
    await registry.aborted(id, { reason: failureReason(code) });
    const complete = await post("complete", { parts });
    expect(complete.status).toBe(409);
    expect(await complete.json()).toMatchObject({ code: "upload-aborted" });
    expect((await post("abort")).status).toBe(200);
  });

  it("is rejected when processing did not start in time: the upload itself was complete", async () => {
    const { post, putAll, registry, ask, id } = await begun();
    const parts = putAll();
    await registry.aborted(id, { reason: failureReason("notStarted", { hours: 30 }) });
    const abort = await post("abort");
    expect(abort.status).toBe(409);
    expect(await abort.json()).toMatchObject({ code: "upload-complete" });
    expect((await post("complete", { parts })).status).toBe(200);
    const upload = await ask(`/me/media/${id}/upload`);
    expect(await upload.json()).toMatchObject({ code: "upload-complete" });
  });
});

describe("GET /me/media/{id}/upload", () => {
  it("tells which parts have arrived as a whole, and those can be completed by another device", async () => {
    const { ask, id, uploads, uploadId, post } = await begun();
    const state = async (): Promise<unknown> => {
      const answer = await ask(`/me/media/${id}/upload`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      return answer.json();
    };
    const plan = { partSizeBytes: 8 * MIB, sizeBytes: 20 * MIB };
    expect(await state()).toEqual({ ...plan, parts: [] });
    uploads.put(uploadId, 1, 8 * MIB);
    // Half of a part, by a client that was lost.
    uploads.put(uploadId, 2, 4 * MIB);
    expect(await state()).toEqual({
      ...plan,
      parts: [{ partNumber: 1, sizeBytes: 8 * MIB, etag: etagOf(1) }],
    });
    uploads.put(uploadId, 2, 8 * MIB);
    uploads.put(uploadId, 3, 4 * MIB);
    const { parts } = (await state()) as { parts: { partNumber: number; etag: string }[] };
    const named = parts.map(({ partNumber, etag }) => ({ partNumber, etag }));
    expect((await post("complete", { parts: named })).status).toBe(200);
    const after = await ask(`/me/media/${id}/upload`);
    expect(await after.json()).toMatchObject({ status: 409, code: "upload-complete" });
  });

  it.each([
    ["aborted", "upload-aborted", async ({ post }: Awaited<ReturnType<typeof begun>>) => post("abort")],
    [
      "removed by S3",
      "upload-lost",
      ({ uploads }: Awaited<ReturnType<typeof begun>>) => Promise.resolve(uploads.open.clear()),
    ],
  ])("of an upload that was %s answers 409", async (_, code, end) => {
    const world = await begun();
    await end(world);
    const answer = await world.ask(`/me/media/${world.id}/upload`);
    expect(await answer.json()).toMatchObject({ status: 409, code });
  });
});

describe("who may", () => {
  const steps = [
    ["POST", "/upload/complete", { parts: [{ partNumber: 1, etag: etagOf(1) }] }],
    ["POST", "/upload/parts", { partNumbers: [1] }],
    ["POST", "/upload/abort", undefined],
    ["DELETE", "", undefined],
  ] as const;

  it.each(steps)("%s /media/{id}%s: the creator only", async (method, path, body) => {
    const { ask, id, uploads, removed } = await begun({ visibility: "public" });
    const answer = await ask(`/media/${id}${path}`, { method, body, caller: stranger });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "not-creator" });
    expect([uploads.open.size, removed]).toEqual([1, []]);
  });

  it.each(steps)(
    "%s /media/{id}%s: is rejected for all users where the media has no creator",
    async (method, path, body) => {
      const world = await begun({ visibility: "public" });
      const known = world.registry.known.get(world.id);
      if (known) known.owner = null;
      expect((await world.ask(`/media/${world.id}${path}`, { method, body })).status).toBe(403);
    },
  );

  it.each([["POST", "", video] as const, ...steps])(
    "%s %s: nobody without a token",
    async (method, path, body) => {
      const { app, id } = await begun();
      const url = path === "" && method === "POST" ? "/media" : `/media/${id}${path}`;
      const init = { method, ...(body && { body: JSON.stringify(body) }) };
      expect((await asked(app, url, init, { requestId })).status).toBe(401);
    },
  );

  it.each(steps)("%s /media/{id}%s of a media that is not there answers 404", async (method, path, body) => {
    const { ask } = aWorld([aMedia()]);
    const id = "00000000-0000-4000-8000-00000000ffff";
    expect((await ask(`/media/${id}${path}`, { method, body })).status).toBe(404);
  });
});
