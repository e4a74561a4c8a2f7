import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkProduct, type CheckResult, type Step, STEPS } from "../../../handlers/synthetic-check/check";
import { FakeProduct, file, ID, route, S3_PART, TOKEN, URL_OF_PRODUCT } from "./fake-product";

const clip = readFileSync(join(__dirname, "../../../handlers/clips/synthetic-check.mp4"));
const refused =
  (status: number, body = "") =>
  () =>
    new Response(body, { status, headers: { "x-request-id": "r-1" } });

let product: FakeProduct;
let steps: Step[];
beforeEach(() => {
  product = new FakeProduct();
  steps = [];
});

function check({
  signIn = () => Promise.resolve(TOKEN),
  readyWithinMs = 600_000,
} = {}): Promise<CheckResult> {
  return checkProduct({
    url: URL_OF_PRODUCT,
    fetch: product.fetch,
    signIn,
    clip,
    readyWithinMs,
    pollMs: 1,
    around: (step, work) => {
      steps.push(step);
      return work();
    },
  });
}

const sentTo = (where: string) => product.sent.filter((one) => one.route === where);

test("does all steps in their order, and says how long the video took", async () => {
  const result = await check();
  expect(result).toEqual({ ok: true, mediaId: ID, leftovers: 0, readySeconds: expect.any(Number) });
  expect(steps).toEqual(STEPS);
});

test("uploads a small H.264 video that is private, as a page of the product", async () => {
  await check();
  expect(clip.length).toBeLessThan(10_000);
  expect(clip.toString("latin1")).toContain("avc1");
  expect(sentTo(route("POST /api/media"))[0]?.body).toEqual({
    title: "Synthetic check",
    visibility: "private",
    contentType: "video/mp4",
    sizeBytes: clip.length,
  });
  const [put] = sentTo(`PUT ${S3_PART}`);
  expect(put?.headers.get("origin")).toBe(URL_OF_PRODUCT);
  expect(Buffer.from(put?.body as Uint8Array).equals(clip)).toBe(true);
  expect(sentTo(route(`POST /api/media/${ID}/upload/complete`))[0]?.body).toEqual({
    parts: [{ partNumber: 1, etag: '"e1"' }],
  });
});

test("sends the token to the API only, and the cookies to the stream only", async () => {
  await check();
  const asViewer = product.sent.filter(({ route: where }) => where.includes("/stream/"));
  expect(asViewer.length).toBeGreaterThan(5);
  for (const { headers } of asViewer) expect(headers.has("authorization")).toBe(false);
  const asCreator = product.sent.filter(({ headers }) => headers.has("authorization"));
  for (const { route: where, headers } of asCreator) {
    expect(where).toContain(`${URL_OF_PRODUCT}/api/`);
    expect([headers.get("authorization"), headers.has("cookie")]).toEqual([`Bearer ${TOKEN}`, false]);
  }
});

const FAULTS: readonly (readonly [
  step: Step,
  what: string,
  reason: RegExp,
  plant: (one: FakeProduct) => void,
])[] = [
  [
    "leftovers",
    "the list fails",
    /GET \/api\/me\/media answered 503 \(request r-1\): .*; expected 200/,
    (one) => one.set(route("GET /api/me/media"), refused(503)),
  ],
  [
    "register",
    "the API fails",
    /POST \/api\/media answered 500 \(request r-1\): broken; expected 201/,
    (one) => one.set(route("POST /api/media"), refused(500, "broken")),
  ],
  [
    "register",
    "the quota is used up",
    /answered 429/,
    (one) => one.set(route("POST /api/media"), refused(429)),
  ],
  [
    "upload",
    "S3 does not allow the page",
    /OPTIONS https:\/\/uploads\S+ answered 403/,
    (one) => one.set(`OPTIONS ${S3_PART}`, refused(403)),
  ],
  ["upload", "S3 refuses the part", /PUT \S+ answered 403/, (one) => one.set(`PUT ${S3_PART}`, refused(403))],
  [
    "upload",
    "S3 hides the ETag",
    /hides the ETag/,
    (one) => one.set(`PUT ${S3_PART}`, () => new Response(null, { headers: { etag: '"e1"' } })),
  ],
  [
    "complete",
    "the upload can't be completed",
    /upload\/complete answered 409/,
    (one) => one.set(route(`POST /api/media/${ID}/upload/complete`), refused(409)),
  ],
  [
    "processing",
    "the video fails",
    /the video failed: The file contains no video\./,
    (one) => (one.statuses = ["processing", "failed"]),
  ],
  [
    "privacy",
    "everybody sees the video",
    /GET \/api\/media\/\S+ answered 200.*expected 404/,
    (one) => one.set(route(`GET /api/media/${ID}`), () => new Response("{}")),
  ],
  [
    "privacy",
    "the stream needs no cookies",
    /master\.m3u8 answered 200.*expected 403/,
    (one) => one.set(file("master.m3u8"), () => new Response("#EXTM3U")),
  ],
  [
    "ticket",
    "there is no ticket",
    /playback answered 500/,
    (one) => one.set(route(`GET /api/me/media/${ID}/playback`), refused(500)),
  ],
  [
    "ticket",
    "the ticket has no cookies",
    /no cookies/,
    (one) => one.set(route(`GET /api/me/media/${ID}/playback`), () => new Response("{}")),
  ],
  [
    "master-playlist",
    "the cookies are refused",
    /answered 403/,
    (one) => one.set(file("master.m3u8"), refused(403)),
  ],
  [
    "master-playlist",
    "the master playlist is empty",
    /lists nothing/,
    (one) => one.set(file("master.m3u8"), withCookies("#EXTM3U\n")),
  ],
  [
    "playlist",
    "a playlist is missing",
    /answered 403/,
    (one) => one.set(file("video_180p/index.m3u8"), refused(403)),
  ],
  [
    "playlist",
    "a playlist has no initialization segment",
    /no EXT-X-MAP/,
    (one) => one.set(file("video_180p/index.m3u8"), () => new Response("#EXTM3U\nsegment_00000.m4s\n")),
  ],
  [
    "init-segment",
    "the initialization segment is a page",
    /init\.mp4 has \d+ bytes and no box ftyp/,
    (one) => one.set(file("video_180p/init.mp4"), () => new Response("<!doctype html>")),
  ],
  [
    "segment",
    "the segment is missing",
    /segment_00000\.m4s answered 404/,
    (one) => one.set(file("video_180p/segment_00000.m4s"), refused(404)),
  ],
  [
    "segment",
    "the segment has no pictures",
    /no box moof/,
    (one) => one.set(file("video_180p/segment_00000.m4s"), () => new Response("\0\0\0\bfree")),
  ],
  [
    "poster",
    "the poster is no picture",
    /is no JPEG/,
    (one) => one.set(file("poster.jpg"), () => new Response("GIF")),
  ],
  [
    "delete",
    "the deletion is refused",
    /DELETE \/api\/media\/\S+ answered 403/,
    (one) => one.set(route(`DELETE /api/media/${ID}`), refused(403)),
  ],
  [
    "gone",
    "the video is still there",
    /GET \/api\/me\/media\/\S+ answered 200.*expected 404/,
    (one) => one.set(route(`DELETE /api/media/${ID}`), () => new Response(null, { status: 204 })),
  ],
  [
    "gone",
    "the stream is still there",
    /sprite\.vtt answered 200.*expected 403/,
    (one) => one.set(file("sprite.vtt"), withCookies("WEBVTT")),
  ],
];

/** A file that only viewers with cookies can read. */
function withCookies(content: string) {
  return ({ headers }: { readonly headers: Headers }) =>
    headers.has("cookie") ? new Response(content) : new Response("", { status: 403 });
}

test.each(FAULTS)("fails at %s if %s", async (step, _, reason, plant) => {
  plant(product);
  const result = await check();
  expect(result).toMatchObject({ ok: false, step, reason: expect.stringMatching(reason) });
});

test("fails at processing when the video is not ready in time, and says what it is then", async () => {
  product.statuses = ["uploaded"];
  const result = await check({ readyWithinMs: 20 });
  expect(result).toMatchObject({ ok: false, step: "processing", mediaId: ID });
  expect(result).toMatchObject({ reason: "the video is uploaded after 0.02 s" });
});

test("every step but the sign-in has a fault here", () => {
  expect([...new Set(FAULTS.map(([step]) => step))]).toEqual(STEPS.filter((step) => step !== "sign-in"));
});

test("fails at the sign-in without any request", async () => {
  const result = await check({
    signIn: () => Promise.reject(new Error("AdminInitiateAuth: NotAuthorizedException")),
  });
  expect(result).toEqual({
    ok: false,
    step: "sign-in",
    reason: "AdminInitiateAuth: NotAuthorizedException",
    mediaId: undefined,
  });
  expect(product.sent).toEqual([]);
});

test("says which request got no answer and why, without the signature of its URL", async () => {
  const lost = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
  product.set(`PUT ${S3_PART}`, () => Promise.reject(lost));
  const result = await check();
  expect(result).toMatchObject({ step: "upload", mediaId: ID });
  expect(result).toMatchObject({
    reason: expect.stringMatching(/^PUT \S+ got no answer: fetch failed: connect ECONNREFUSED$/),
  });
  expect(JSON.stringify(result)).not.toContain("s1gned");
  expect(JSON.stringify(result)).not.toContain(TOKEN);
});

test("deletes a video again while its processing is being stopped", async () => {
  const answers = [409, 409, 204];
  product.set(route(`DELETE /api/media/${ID}`), () => new Response(null, { status: answers.shift() ?? 204 }));
  await check();
  expect(sentTo(route(`DELETE /api/media/${ID}`))).toHaveLength(3);
});

describe("what earlier checks left behind", () => {
  const old = (id: string, more: object = {}) => {
    product.set(route(`DELETE /api/media/${id}`), () => new Response(null, { status: 204 }));
    return { id, title: "Synthetic check", createdAt: "2026-01-01T00:00:00.000Z", ...more };
  };
  const deleted = () =>
    product.sent.flatMap(({ route: where }) => /^DELETE .*\/media\/(.+)$/.exec(where)?.[1] ?? []);

  test("is deleted, from all pages of the list", async () => {
    const pages = [{ items: [old("a")], nextCursor: "next" }, { items: [old("b")] }];
    product.set(route("GET /api/me/media"), () => new Response(JSON.stringify(pages.shift())));
    expect(await check()).toMatchObject({ ok: true, leftovers: 2 });
    expect(deleted()).toEqual(["a", "b", ID]);
    expect(sentTo(route("GET /api/me/media"))[1]?.query).toContain("cursor=next");
  });

  test("stays while another check may work on it, and other videos stay", async () => {
    product.items = [old("new", { createdAt: new Date().toISOString() }), old("other", { title: "A film" })];
    expect(await check()).toMatchObject({ ok: true, leftovers: 0 });
    expect(deleted()).toEqual([ID]);
  });

  test("that can't be deleted is the failed step", async () => {
    product.items = [old("a")];
    product.set(route("DELETE /api/media/a"), refused(500));
    expect(await check()).toMatchObject({ ok: false, step: "leftovers", mediaId: undefined });
  });
});
