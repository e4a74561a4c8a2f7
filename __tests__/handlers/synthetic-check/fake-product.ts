/** A request as the check sent it. */
export interface Sent {
  /** Method and URL without query: `GET https://streamflow.example/api/media`. */
  readonly route: string;
  readonly query: string;
  readonly headers: Headers;
  readonly body: unknown;
}

type Reply = (sent: Sent) => Response | Promise<Response>;

export const URL_OF_PRODUCT = "https://streamflow.example";
export const TOKEN = "identity-token";
export const ID = "6f0c54a8-6a1e-4f0e-8a43-6c8d8f0a2a51";
const S3_PART = "https://uploads.s3.amazonaws.com/uploads/source";
const COOKIES = "CloudFront-Policy=p; CloudFront-Key-Pair-Id=k";
const RUN = `/stream/${ID}/run/`;

/** A box of an MP4 file: its length, its type, and nothing. */
const box = (type: string): Buffer => Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.from(type, "latin1")]);

const json = (body: object, status = 200, headers: [string, string][] = []): Response =>
  new Response(JSON.stringify(body), { status, headers });
const bytes = (body: Buffer): Response => new Response(new Uint8Array(body));

/** A product that works; tests replace what it answers to a route. */
export class FakeProduct {
  readonly sent: Sent[] = [];
  /** Videos in the list of the check's creator. */
  items: object[] = [];
  /** Statuses that the video has, one after the other; the last one stays. */
  statuses = ["uploaded", "processing", "ready"];
  private deleted = false;
  private readonly replies = new Map<string, Reply>();

  constructor() {
    const api = (route: string, reply: Reply) =>
      this.set(route.replace(" ", ` ${URL_OF_PRODUCT}/api`), reply);
    api("GET /me/media", () => json({ items: this.items }));
    api("POST /media", () =>
      json(
        {
          media: { id: ID },
          upload: { parts: [{ partNumber: 1, url: `${S3_PART}?X-Amz-Signature=s1gned` }] },
        },
        201,
      ),
    );
    this.set(`OPTIONS ${S3_PART}`, () => new Response(null, { status: 200 }));
    this.set(
      `PUT ${S3_PART}`,
      () => new Response(null, { headers: { etag: '"e1"', "access-control-expose-headers": "ETag" } }),
    );
    api(`POST /media/${ID}/upload/complete`, () => json({ id: ID, status: "uploaded" }));
    api(`GET /me/media/${ID}`, () => (this.deleted ? json({}, 404) : json(this.media())));
    api(`GET /media/${ID}`, () => json({ title: "no such media" }, 404));
    api(`GET /me/media/${ID}/playback`, () =>
      json({ url: `${RUN}master.m3u8`, poster: `${RUN}poster.jpg` }, 200, [
        ["set-cookie", "CloudFront-Policy=p; Path=/stream/; Secure"],
        ["set-cookie", "CloudFront-Key-Pair-Id=k; Path=/stream/; Secure"],
      ]),
    );
    api(`DELETE /media/${ID}`, () => {
      this.deleted = true;
      return new Response(null, { status: 204 });
    });
    this.file("master.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo_180p/index.m3u8\n");
    this.file("video_180p/index.m3u8", '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:1,\nsegment_00000.m4s\n');
    this.file("video_180p/init.mp4", box("ftyp"));
    this.file("video_180p/segment_00000.m4s", Buffer.concat([box("styp"), box("moof")]));
    this.file("poster.jpg", Buffer.from([0xff, 0xd8, 0xff]));
    this.file("sprite.vtt", "WEBVTT");
  }

  /** Replaces the answer to a route, such as `GET https://streamflow.example/api/media`. */
  set(route: string, reply: Reply): void {
    this.replies.set(route, reply);
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { method = "GET", headers, body } = init;
    const sent: Sent = {
      route: `${method} ${url.origin}${url.pathname}`,
      query: url.search,
      headers: new Headers(headers),
      body: typeof body === "string" ? JSON.parse(body) : body,
    };
    this.sent.push(sent);
    const reply = this.replies.get(sent.route);
    if (reply === undefined) throw new TypeError("fetch failed", { cause: new Error(`no ${sent.route}`) });
    return reply(sent);
  };

  /** A file of the stream, which viewers with cookies may read until the video is deleted. */
  private file(name: string, content: string | Buffer): void {
    this.set(`GET ${URL_OF_PRODUCT}${RUN}${name}`, ({ headers }) =>
      headers.get("cookie") === COOKIES && !this.deleted
        ? bytes(Buffer.from(content))
        : new Response("<Code>AccessDenied</Code>", { status: 403 }),
    );
  }

  private media(): object {
    const status = this.statuses.length > 1 ? this.statuses.shift() : this.statuses[0];
    const playback = { url: `${RUN}master.m3u8`, sprite: `${RUN}sprite.vtt` };
    return { id: ID, status, failureReason: "The file contains no video.", playback };
  }
}

/** A route of the API, below the product's URL. */
export const route = (text: string): string => text.replace(" ", ` ${URL_OF_PRODUCT}`);
/** A file of the stream. */
export const file = (name: string): string => `GET ${URL_OF_PRODUCT}${RUN}${name}`;
export { S3_PART };
