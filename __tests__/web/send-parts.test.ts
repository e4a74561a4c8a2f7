import type { Urls } from "../../handlers/media/uploading";
import { ApiError } from "../../web/src/errors";

interface Sending {
  readonly id: string;
  readonly file: Blob;
  readonly partSizeBytes: number;
  readonly stored: readonly object[];
  readonly urls: Urls;
  readonly onProgress: () => void;
  readonly onWaiting: () => void;
  readonly signal: AbortSignal;
}
type SendParts = (api: object, parts: Sending) => Promise<{ partNumber: number; etag: string }[]>;

/** Not imported, because the types of tests have no DOM. */
const { sendParts } = jest.requireActual<{ sendParts: SendParts }>("../../web/src/send-parts");

/** S3's status for `ExpiredToken`. */
const EXPIRED_TOKEN = 400;

/** An XMLHttpRequest whose URL has its answer's status: `https://s3/200/1`. */
class FakeRequest {
  static readonly sent: string[] = [];
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  status = 0;
  onload: () => void = () => undefined;
  onloadend: () => void = () => undefined;
  private url = "";

  open(method: string, url: string): void {
    this.url = url;
    FakeRequest.sent.push(`${method} ${url}`);
  }

  send(): void {
    this.status = Number(new URL(this.url).pathname.split("/")[1]);
    queueMicrotask(() => {
      this.onload();
      this.onloadend();
    });
  }

  getResponseHeader(): string {
    return `"etag of ${this.url}"`;
  }

  abort(): void {
    throw new Error("nothing aborts it");
  }
}

const globals = { XMLHttpRequest: FakeRequest, window: globalThis };
beforeAll(() => Object.assign(globalThis, globals));
afterAll(() => {
  for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
});
beforeEach(() => void FakeRequest.sent.splice(0));

/** Sends a file of two parts by given URLs; the API's new URLs have this status. */
function send(given: readonly number[], { fresh, seconds = 3_600 }: { fresh: number; seconds?: number }) {
  const urls = jest.fn((_: string, [partNumber = 0]: readonly number[]) =>
    Promise.resolve({
      parts: [{ partNumber, url: `https://s3/${fresh}/fresh-${partNumber}` }],
      expiresAt: "",
    }),
  );
  const done = sendParts(
    { urls },
    {
      id: "id",
      file: new Blob(["abcdef"]),
      partSizeBytes: 3,
      stored: [],
      urls: {
        parts: given.map((status, index) => ({
          partNumber: index + 1,
          url: `https://s3/${status}/${index + 1}`,
        })),
        expiresAt: new Date(Date.now() + seconds * 1_000).toISOString(),
      },
      onProgress: () => undefined,
      onWaiting: () => undefined,
      signal: new AbortController().signal,
    },
  );
  return { done, urls };
}

it("uses the URLs that it has", async () => {
  const { done, urls } = send([200, 200], { fresh: 500 });
  expect((await done).map(({ partNumber }) => partNumber)).toEqual([1, 2]);
  expect(urls).not.toHaveBeenCalled();
  expect(FakeRequest.sent).toEqual(["PUT https://s3/200/1", "PUT https://s3/200/2"]);
});

it.each([
  ["the session that signed it has ended, before its expiry", EXPIRED_TOKEN],
  ["it has expired", 403],
])("gets a new URL for a part when S3 refuses one because %s", async (_, status) => {
  const { done, urls } = send([200, status], { fresh: 200 });
  expect(await done).toEqual([
    { partNumber: 1, etag: '"etag of https://s3/200/1"' },
    { partNumber: 2, etag: '"etag of https://s3/200/fresh-2"' },
  ]);
  expect(urls.mock.calls).toEqual([["id", [2]]]);
});

it("does not use a URL in its last minute", async () => {
  const { done, urls } = send([200, 200], { fresh: 200, seconds: 59 });
  await done;
  expect(urls).toHaveBeenCalledTimes(2);
  expect(FakeRequest.sent).toEqual(["PUT https://s3/200/fresh-1", "PUT https://s3/200/fresh-2"]);
});

it("fails when S3 refuses a new URL too, instead of asking without end", async () => {
  const { done, urls } = send([200, EXPIRED_TOKEN], { fresh: EXPIRED_TOKEN });
  await expect(done).rejects.toEqual(new ApiError(400, "S3 answered 400 to a part"));
  expect(urls).toHaveBeenCalledTimes(1);
});
