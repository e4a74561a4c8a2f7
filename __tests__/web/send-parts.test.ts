import type { Urls } from "../../handlers/media/uploading";
import { ApiError } from "../../web/src/errors";
import { putPart } from "../../web/src/part";
import { type SentPart, sendParts } from "../../web/src/send-parts";
import { turnsUntil } from "../support/turns";
import { fakeBrowser } from "./support/fake-browser";
import { FakeRequest } from "./support/fake-request";

type Api = Parameters<typeof sendParts>[0];

const PART = 10;
const file = new Blob(["x".repeat(2.5 * PART)]);
const etagOf = (partNumber: number): string => `"etag-${partNumber}"`;
const numberIn = (url: string): number => Number(/part=(\d)/.exec(url)?.[1]);

let dispatch: ReturnType<typeof fakeBrowser>;
/** Numbers of the parts for which new URLs were read. */
let renewed: number[];
let waiting: boolean[];
let progress: number[];

beforeEach(() => {
  jest.useFakeTimers();
  dispatch = fakeBrowser();
  FakeRequest.install();
  [renewed, waiting, progress] = [[], [], []];
});
afterEach(() => jest.useRealTimers());

const urlsOf = (name: string, partNumbers: readonly number[], lastsSeconds: number): Urls => ({
  expiresAt: new Date(Date.now() + lastsSeconds * 1_000).toISOString(),
  parts: partNumbers.map((partNumber) => ({ partNumber, url: `https://s3/${name}?part=${partNumber}` })),
});

interface Begun {
  readonly urls?: Urls;
  readonly stored?: readonly SentPart[];
  readonly signal?: AbortSignal;
}

function begin({ urls, stored = [], signal = new AbortController().signal }: Begun) {
  const api: Pick<Api, "urls"> = {
    urls: (_id, numbers) => {
      renewed.push(...numbers);
      return Promise.resolve(urlsOf("new", numbers, 3_600));
    },
  };
  const parts = sendParts(api as Api, {
    id: "id",
    file,
    partSizeBytes: PART,
    stored,
    ...(urls && { urls }),
    onProgress: (bytes) => progress.push(bytes),
    onWaiting: (isWaiting) => waiting.push(isWaiting),
    signal,
  });
  // Expected below; until then it is handled.
  parts.catch(() => undefined);
  return parts;
}

const turn = () => jest.advanceTimersByTimeAsync(0);
const sentUrls = (): string[] => FakeRequest.sent.map(({ url }) => url);
const stores = (request: FakeRequest): void => request.answer(200, etagOf(numberIn(request.url)));
const whole: readonly SentPart[] = [1, 2, 3].map((partNumber) => ({ partNumber, etag: etagOf(partNumber) }));

test("only parts that S3 lacks are sent, with the URLs that were given", async () => {
  FakeRequest.onSend = stores;
  const parts = begin({ stored: whole.slice(0, 1), urls: urlsOf("given", [2, 3], 3_600) });
  await expect(parts).resolves.toEqual(whole);
  expect(sentUrls()).toEqual(["https://s3/given?part=2", "https://s3/given?part=3"]);
  expect(FakeRequest.sent.map(({ bytes }) => bytes)).toEqual([PART, PART / 2]);
  expect(renewed).toEqual([]);
  expect(progress.at(-1)).toBe(file.size);
});

test.each([400, 403])("a part whose URL S3 answers with %d is sent to a new one", async (status) => {
  FakeRequest.onSend = (request) =>
    request.url.includes("given") ? request.answer(status) : stores(request);
  await expect(begin({ urls: urlsOf("given", [1, 2, 3], 3_600) })).resolves.toEqual(whole);
  expect(renewed).toEqual([1, 2, 3]);
  expect(waiting).not.toContain(true);
});

test("a new URL that S3 refuses too fails the upload, and stops its other parts", async () => {
  FakeRequest.onSend = (request) => {
    if (numberIn(request.url) === 2) request.answer(403);
  };
  const parts = begin({ urls: urlsOf("given", [1, 2, 3], 3_600) });
  await expect(parts).rejects.toMatchObject({ status: 403 });
  expect(sentUrls()).toEqual([
    ...[1, 2, 3].map((number) => `https://s3/given?part=${number}`),
    "https://s3/new?part=2",
  ]);
  expect(FakeRequest.sent.map(({ isAborted }) => isAborted)).toEqual([true, false, true, false]);
});

test.each([
  ["59 seconds before its end is not used", 59, [1, 2, 3]],
  ["61 seconds before its end is used", 61, []],
])("a URL %s", async (_what, lasts, expected) => {
  FakeRequest.onSend = stores;
  await expect(begin({ urls: urlsOf("given", [1, 2, 3], lasts) })).resolves.toEqual(whole);
  expect(renewed).toEqual(expected);
});

test("a part that was lost with the network is sent again when it is back, to a new URL", async () => {
  const parts = begin({ stored: whole.slice(1), urls: urlsOf("given", [1], 3_600) });
  FakeRequest.sent[0]?.progress(5);
  FakeRequest.sent[0]?.loseNetwork();
  // The lost network is told from a lost file by reading it, which is no fake.
  jest.useRealTimers();
  await turnsUntil(() => waiting.includes(true));
  expect(progress.at(-1)).toBe(file.size - PART);
  FakeRequest.onSend = stores;
  dispatch("online");
  await expect(parts).resolves.toEqual(whole);
  expect(sentUrls()).toEqual(["https://s3/given?part=1", "https://s3/new?part=1"]);
  expect(waiting).toEqual([true, false]);
});

test("a part without progress for a minute is sent again", async () => {
  const parts = begin({ stored: whole.slice(1), urls: urlsOf("given", [1], 3_600) });
  await jest.advanceTimersByTimeAsync(59_000);
  FakeRequest.sent[0]?.progress(1);
  await jest.advanceTimersByTimeAsync(59_000);
  expect(waiting).toEqual([]);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(waiting).toEqual([true]);
  FakeRequest.onSend = stores;
  await jest.advanceTimersByTimeAsync(1_000);
  await expect(parts).resolves.toEqual(whole);
});

describe("a part", () => {
  const put = (signal = new AbortController().signal) => {
    const sent = putPart("https://s3/1", new Blob(["12345"]), {
      onProgress: (at) => progress.push(at),
      signal,
    });
    sent.catch(() => undefined);
    return sent;
  };

  test("that stalls for a minute counts as lost", async () => {
    const sent = put();
    await jest.advanceTimersByTimeAsync(60_000);
    await expect(sent).rejects.toMatchObject({ status: 0, passing: true });
    expect(progress).toEqual([0]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("is not given up after it has been sent", async () => {
    const sent = put();
    FakeRequest.sent[0]?.answer(200, `"1"`);
    await expect(sent).resolves.toBe(`"1"`);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("that S3 answers without an ETag is not taken for stored", async () => {
    const sent = put();
    FakeRequest.sent[0]?.answer(200);
    await expect(sent).rejects.toBeInstanceOf(ApiError);
  });

  test("is stopped by its creator, and not sent if that came first", async () => {
    const stop = new AbortController();
    const sent = put(stop.signal);
    stop.abort();
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
    await expect(put(stop.signal)).rejects.toMatchObject({ name: "AbortError" });
    await turn();
    expect(FakeRequest.sent).toHaveLength(1);
  });
});
