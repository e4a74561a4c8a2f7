import { type Creator, fetchApi } from "../../cli/start/creator";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { rawRequest, type RawAnswer, type RawRequest } from "../support/raw-request";
import { signedIn } from "./accounts";

const PROBLEM = /^application\/problem\+json/;

/** Bodies of `POST /media` that no client sends, by what is wrong with them. */
const BODIES: Readonly<Record<string, string | Buffer>> = {
  "an array 50 000 levels deep": `{"title":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
  "an infinite number": '{"title":"x","contentType":"video/mp4","sizeBytes":1e400}',
  "a number beyond all integers": '{"title":"x","contentType":"video/mp4","sizeBytes":100000000000000000000}',
  "a member that objects inherit":
    '{"title":"x","contentType":"video/mp4","sizeBytes":1,"__proto__":{"a":1}}',
  "a title twice, the second a number": '{"title":"x","title":7,"contentType":"video/mp4","sizeBytes":1}',
  "bytes that are no UTF-8": Buffer.concat([
    Buffer.from('{"title":"'),
    Buffer.from([0xff]),
    Buffer.from('"}'),
  ]),
  "no JSON": "{",
  "more bytes than allowed": JSON.stringify({ title: "x".repeat(300_000) }),
};

const PATHS = [
  ...["//media", "/media//", "/media/../media", "/media/%2e%2e/health", "/media/..%2f..%2fetc"],
  ...[
    "/media/%00",
    "/media/%zz",
    "/media/%f0%28%8c%28",
    `/media/${"a".repeat(5_000)}`,
    "/media/1' OR '1'='1",
  ],
  ...["/media?cursor=%ff", "/media?limit=1&limit=2", "/v/%00", "/oembed?url=%00", "/Media"],
];

/** Requests that are malformed on purpose, through the whole product: each is answered with a problem, none with 5xx. */
export function hostileRequests(serving: () => Promise<string>, endpoint: () => string): void {
  let creator: Creator;
  let send: (request: Omit<RawRequest, "port">) => Promise<RawAnswer>;
  beforeAll(async () => {
    const url = await serving();
    creator = await signedIn({ url, endpoint: endpoint() }, SAMPLE_USER);
    const port = Number(new URL(url).port);
    send = (request) => rawRequest({ port, ...request });
  });

  test.each(PATHS.map((path) => [path.slice(0, 40), path]))("the path %s", async (_, path) => {
    const { status, type, body } = await send({ path: `/api${path?.replaceAll(" ", "%20")}` });
    expect([400, 403, 404]).toContain(status);
    expect([type, JSON.parse(body)]).toMatchObject([expect.stringMatching(PROBLEM), { status }]);
  });

  test.each(Object.entries(BODIES))("%s", async (_, body) => {
    const headers = { authorization: `Bearer ${creator.token}`, "content-type": "application/json" };
    const { status, type, ...answer } = await send({ path: "/api/media", method: "POST", headers, body });
    expect([400, 413]).toContain(status);
    expect([type, JSON.parse(answer.body)]).toMatchObject([expect.stringMatching(PROBLEM), { status }]);
  });

  test("S3 takes no part by the URL of another part or media, and none that is shorter or longer", async () => {
    const begin = () =>
      fetchApi<{ media: { id: string }; upload: { parts: { url: string }[] } }>(creator, {
        method: "POST",
        path: "/media",
        body: { title: "Presigned", contentType: "video/mp4", sizeBytes: 3 },
      });
    const { media, upload } = await begin();
    const other = await begin();
    const url = upload.parts[0]?.url ?? "";
    const put = async (to: string, body: string) => {
      const answer = await fetch(to, { method: "PUT", body });
      return `${answer.status} ${/<Code>(.*?)<\/Code>/.exec(await answer.text())?.[1] ?? ""}`;
    };
    const refused = "403 SignatureDoesNotMatch";
    try {
      expect(await put(url, "ab")).toBe(refused);
      expect(await put(url, "abcd")).toBe(refused);
      expect(await put(url.replace("partNumber=1", "partNumber=2"), "abc")).toBe(refused);
      expect(await put(url.replace(media.id, other.media.id), "abc")).toBe(refused);
      expect(await put(url, "abc")).toBe("200 ");
    } finally {
      for (const { id } of [media, other.media]) {
        await fetchApi(creator, { method: "DELETE", path: `/media/${id}` });
      }
    }
  });
}
