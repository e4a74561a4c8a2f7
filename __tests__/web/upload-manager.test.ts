import { Api } from "../../web/src/api";
import { isSameFile, knownName, rememberFile } from "../../web/src/known-files";
import { Session } from "../../web/src/session";
import { type Upload, UploadManager } from "../../web/src/upload-manager";
import { UserPool } from "../../web/src/user-pool";
import { fakeBrowser } from "./support/fake-browser";
import { FakeRequest } from "./support/fake-request";

const PART = 10;
const LIFETIME_S = 3_600;
const config = { userPoolClientId: "client", userPoolApi: "https://pool" };

/** Requests of the API and the user pool, as `POST /media first`, the last word of the former being their token. */
let asked: string[];
let isOnline: boolean;
/** Answers that a test replaces, by request without its token. */
let answers: Record<string, () => Response>;
let dispatch: ReturnType<typeof fakeBrowser>;
let uploads: readonly Upload[];
let finished: string[];
let removed: string[];
let manager: UploadManager;

const json = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status });
const problem = (code: string): Response => json({ code, detail: code }, 409);
const urls = (name: string, ...numbers: number[]) => ({
  expiresAt: new Date(Date.now() + LIFETIME_S * 1_000).toISOString(),
  parts: numbers.map((partNumber) => ({ partNumber, url: `https://s3/${name}?part=${partNumber}` })),
});

/** The service: media `m1`, `m2`, …, of two parts. */
const service: Readonly<Record<string, (body: string) => object>> = {
  "POST https://pool/": () => ({ AuthenticationResult: { IdToken: "second", ExpiresIn: LIFETIME_S } }),
  "POST /api/media": () => ({
    media: { id: `m${asked.filter((one) => one.startsWith("POST /api/media ")).length}` },
    upload: { partSizeBytes: PART, ...urls("given", 1, 2) },
  }),
  "GET /api/me/media/m1/upload": () => ({ partSizeBytes: PART, parts: [{ partNumber: 1, etag: `"1"` }] }),
  "POST /api/media/m1/upload/parts": (body) =>
    urls("new", ...(JSON.parse(body) as { partNumbers: number[] }).partNumbers),
  "POST /api/media/m1/upload/complete": () => ({ id: "m1" }),
  "POST /api/media/m2/upload/complete": () => ({ id: "m2" }),
  "POST /api/media/m1/upload/abort": () => ({ id: "m1" }),
  "DELETE /api/media/m1": () => ({}),
  "GET /api/me/media/m1": () => ({ id: "m1" }),
};

const answer = (url: string, { method = "GET", headers, body }: RequestInit): Promise<Response> => {
  const { authorization = "" } = headers as Record<string, string>;
  const request = `${method} ${url}`;
  asked.push(`${request} ${authorization.replace("Bearer ", "")}`.trim());
  if (!isOnline) return Promise.reject(new TypeError("Failed to fetch"));
  const made =
    answers[request]?.() ?? json(service[request]?.(body as string) ?? {}, service[request] ? 200 : 404);
  return Promise.resolve(made);
};

const file = (name = "clip.mp4"): File => new File(["x".repeat(1.5 * PART)], name, { type: "video/mp4" });
const turn = (milliseconds = 0) => jest.advanceTimersByTimeAsync(milliseconds);
const phases = (): string[] => uploads.map(({ phase }) => phase);
const stores = (request: FakeRequest): void => request.answer(200, `"${request.url.slice(-1)}"`);

beforeEach(() => {
  jest.useFakeTimers();
  dispatch = fakeBrowser();
  FakeRequest.install();
  [asked, uploads, finished, removed] = [[], [], [], []];
  [isOnline, answers] = [true, {}];
  jest.spyOn(globalThis, "fetch").mockImplementation((url, init) => answer(url as string, init ?? {}));
  const tokens = { IdToken: "first", RefreshToken: "refresh", ExpiresIn: LIFETIME_S };
  const session = Session.begin(new UserPool(config), "creator@example.com", tokens);
  manager = new UploadManager(new Api(session), {
    onChange: (changed) => (uploads = changed),
    onFinished: ({ id }) => finished.push(id),
    onRemoved: (id) => removed.push(id),
  });
});
afterEach(() => {
  manager.stop();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

test("an upload continues although the identity token expired while there was no network", async () => {
  FakeRequest.onSend = (request) => {
    if (request.url.endsWith("1")) stores(request);
  };
  manager.add([{ title: "Waves", file: file() }]);
  await turn();
  isOnline = false;
  // The part under way stalls, and so is each attempt after it.
  await turn(LIFETIME_S * 1_000);
  expect(phases()).toEqual(["waiting"]);
  expect(asked).toContain("POST https://pool/");

  [isOnline, asked] = [true, []];
  FakeRequest.onSend = stores;
  dispatch("online");
  await turn();
  expect(finished).toEqual(["m1"]);
  expect(asked).toEqual([
    "POST https://pool/",
    "POST /api/media/m1/upload/parts second",
    "POST /api/media/m1/upload/complete second",
  ]);
  expect(FakeRequest.sent.filter(({ url }) => url.endsWith("1"))).toHaveLength(1);
});

test("a session that has ended fails an upload instead of waiting for ever", async () => {
  answers["POST https://pool/"] = () => json({ __type: "NotAuthorizedException" }, 400);
  manager.add([{ title: "Waves", file: file() }]);
  await turn(2 * LIFETIME_S * 1_000);
  expect(phases()).toEqual(["failed"]);
  expect(uploads[0]?.error).toMatchObject({ code: "NotAuthorizedException" });
});

test("a part whose URL has expired is sent to a new one, and the upload completed", async () => {
  FakeRequest.onSend = (request) => (request.url.includes("given") ? request.answer(400) : stores(request));
  manager.add([{ title: "Waves", file: file() }]);
  await turn();
  expect(finished).toEqual(["m1"]);
  expect(FakeRequest.sent.map(({ url }) => url)).toEqual([
    "https://s3/given?part=1",
    "https://s3/given?part=2",
    "https://s3/new?part=1",
    "https://s3/new?part=2",
  ]);
});

test("files are sent one after the other, also those that are added later", async () => {
  for (const title of ["First", "Second"]) {
    manager.add([{ title, file: file() }]);
    await turn();
  }
  expect(phases()).toEqual(["sending", "queued"]);
  expect(asked).toEqual(["POST /api/media first"]);
  FakeRequest.onSend = stores;
  FakeRequest.sent.forEach(stores);
  await turn();
  expect(finished).toEqual(["m1", "m2"]);
  expect(uploads).toEqual([]);
});

test("a paused upload continues with what S3 lacks", async () => {
  manager.add([{ title: "Waves", file: file() }]);
  await turn();
  const [{ key } = { key: 0 }] = uploads;
  manager.pause(key);
  await turn();
  expect(phases()).toEqual(["paused"]);
  FakeRequest.install();
  FakeRequest.onSend = stores;
  manager.resume(key);
  await turn();
  expect(finished).toEqual(["m1"]);
  expect(FakeRequest.sent.map(({ url }) => url)).toEqual(["https://s3/new?part=2"]);
});

test("an upload that another tab or device has completed is taken for finished, and its file forgotten", async () => {
  rememberFile("m1", file());
  answers["GET /api/me/media/m1/upload"] = () => problem("upload-complete");
  manager.add([{ title: "Waves", file: file(), id: "m1" }]);
  await turn();
  expect(finished).toEqual(["m1"]);
  expect(knownName("m1")).toBeUndefined();
  expect(FakeRequest.sent).toEqual([]);
});

test("a registration whose answer is lost is not repeated, which would register the file twice", async () => {
  isOnline = false;
  manager.add([{ title: "Waves", file: file() }]);
  await turn(LIFETIME_S * 1_000);
  expect(asked).toEqual(["POST /api/media first"]);
  expect(phases()).toEqual(["failed"]);
});

test("a cancelled upload is aborted and removed, and its file forgotten", async () => {
  const [chosen, other] = [file(), file("other.mp4")];
  manager.add([{ title: "Waves", file: chosen }]);
  await turn();
  expect([isSameFile("m1", chosen.size, chosen), isSameFile("m1", other.size, other)]).toEqual([true, false]);
  await manager.cancel(uploads[0]?.key ?? 0);
  expect(removed).toEqual(["m1"]);
  expect(asked.slice(-2)).toEqual(["POST /api/media/m1/upload/abort first", "DELETE /api/media/m1 first"]);
  // Only its size is known now.
  expect(isSameFile("m1", other.size, other)).toBe(true);
});

test("an upload that is cancelled while it is being registered is removed too", async () => {
  manager.add([{ title: "Waves", file: file() }]);
  await manager.cancel(uploads[0]?.key ?? 0);
  expect(removed).toEqual(["m1"]);
  expect(asked).toEqual([
    "POST /api/media first",
    "POST /api/media/m1/upload/abort first",
    "DELETE /api/media/m1 first",
  ]);
  expect(FakeRequest.sent).toEqual([]);
});
