import { setTimeout as sleep } from "node:timers/promises";
import type { OwnMedia, Ticket } from "../media/playback";
import type { MediaPage } from "../media/media";
import type { Begun } from "../media/uploading";
import { type Answer, type ApiRequest, Product, type ProductOptions, reasonOf } from "./product";

/** What a check does, in this order; a failed check names its step. */
export const STEPS = [
  "sign-in",
  "leftovers",
  "register",
  "upload",
  "complete",
  "processing",
  "privacy",
  "ticket",
  "master-playlist",
  "playlist",
  "init-segment",
  "segment",
  "poster",
  "delete",
  "gone",
] as const;
export type Step = (typeof STEPS)[number];

export interface CheckOptions extends ProductOptions {
  /** Signs a creator in; returns an identity token. */
  readonly signIn: () => Promise<string>;
  /** A video in MP4, small enough for one part. */
  readonly clip: Buffer;
  /** Milliseconds after the upload within which the video must be ready. */
  readonly readyWithinMs: number;
  /**
   * Milliseconds between two questions whether the video is ready or deleted.
   * @default 1000
   */
  readonly pollMs?: number;
  /**
   * Runs a step, such as within a trace.
   * @default only runs it
   */
  readonly around?: <Result>(step: Step, work: () => Promise<Result>) => Promise<Result>;
}

export interface CheckSuccess {
  readonly ok: true;
  readonly mediaId: string;
  /** Seconds from the completed upload until the video was ready. */
  readonly readySeconds: number;
  /** Videos of earlier checks that were deleted. */
  readonly leftovers: number;
}

export interface CheckFailure {
  readonly ok: false;
  readonly step: Step;
  readonly reason: string;
  /** The check's video, which stays for the next check to delete; undefined if it was not registered. */
  readonly mediaId: string | undefined;
}

export type CheckResult = CheckSuccess | CheckFailure;

/** Title of the videos; the check deletes no other. */
const TITLE = "Synthetic check";
/** Age in milliseconds from which on no check works on a video any more: a function runs for 15 minutes at most. */
const LEFTOVER_AGE_MS = 900_000;
/** Milliseconds within which a deletion must succeed that waits for a processor. */
const DELETE_WITHIN_MS = 60_000;

/**
 * Uploads a private video as a creator, waits until it is ready, plays it as a viewer and deletes it. Never rejects: the
 * result says at which step it failed, and why. What a failed check leaves behind is deleted by the next one.
 */
export async function checkProduct(options: CheckOptions): Promise<CheckResult> {
  const check = new Check(options);
  try {
    return { ok: true, ...(await check.run()) };
  } catch (error) {
    return { ok: false, step: check.step, reason: reasonOf(error), mediaId: check.mediaId };
  }
}

class Check {
  step: Step = "sign-in";
  mediaId: string | undefined;
  private readonly product: Product;
  private token = "";

  constructor(private readonly options: CheckOptions) {
    this.product = new Product(options);
  }

  async run(): Promise<Omit<CheckSuccess, "ok">> {
    this.token = await this.at("sign-in", this.options.signIn);
    const leftovers = await this.at("leftovers", () => this.deleteLeftovers());
    const { media, upload } = await this.at("register", () => this.register());
    this.mediaId = media.id;
    const etag = await this.at("upload", () => this.upload(upload.parts[0]?.url ?? ""));
    await this.at("complete", () => this.complete(media.id, etag));
    const began = Date.now();
    const ready = await this.at("processing", () => this.untilReady(media.id));
    const readySeconds = (Date.now() - began) / 1_000;
    await this.at("privacy", () => this.checkPrivacy(ready));
    const cookies = await this.play(media.id);
    await this.at("delete", () => this.delete(media.id));
    await this.at("gone", () => this.checkGone(ready, cookies));
    return { mediaId: media.id, readySeconds, leftovers };
  }

  private at<Result>(step: Step, work: () => Promise<Result>): Promise<Result> {
    this.step = step;
    const { around } = this.options;
    return around === undefined ? work() : around(step, work);
  }

  /** Deletes what earlier checks left behind; returns the number of videos. */
  private async deleteLeftovers(): Promise<number> {
    const old = new Date(Date.now() - LEFTOVER_AGE_MS).toISOString();
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: "100", ...(cursor === undefined ? {} : { cursor }) });
      const page = await this.ask<MediaPage>({ method: "GET", path: `/me/media?${query.toString()}` }, 200);
      const ours = page.items.filter(({ title, createdAt }) => title === TITLE && createdAt < old);
      found.push(...ours.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    for (const id of found) await this.delete(id);
    return found.length;
  }

  private async register(): Promise<Begun> {
    const { clip } = this.options;
    const body = { title: TITLE, visibility: "private", contentType: "video/mp4", sizeBytes: clip.length };
    const begun = await this.ask<Begun>({ method: "POST", path: "/media", body }, 201);
    if (begun.upload.parts.length !== 1) throw new Error(`${begun.upload.parts.length} parts, expected 1`);
    return begun;
  }

  /** Uploads like a page of the product: S3 must allow its origin, and show it the ETag. */
  private async upload(partUrl: string): Promise<string> {
    const { url: origin } = this.product;
    const preflight = { origin, "access-control-request-method": "PUT" };
    expectStatus(await this.product.send(partUrl, { method: "OPTIONS", headers: preflight }), 200);
    const body = new Uint8Array(this.options.clip);
    const put = await this.product.send(partUrl, { method: "PUT", headers: { origin }, body });
    expectStatus(put, 200);
    const exposed = put.headers.get("access-control-expose-headers") ?? "";
    const etag = put.headers.get("etag");
    if (etag === null || !/\betag\b/i.test(exposed)) throw new Error(`S3 hides the ETag from ${origin}`);
    return etag;
  }

  private complete(id: string, etag: string): Promise<OwnMedia> {
    const body = { parts: [{ partNumber: 1, etag }] };
    return this.ask<OwnMedia>({ method: "POST", path: `/media/${id}/upload/complete`, body }, 200);
  }

  private async untilReady(id: string): Promise<OwnMedia> {
    const { readyWithinMs, pollMs = 1_000 } = this.options;
    const deadline = Date.now() + readyWithinMs;
    for (;;) {
      const media = await this.ask<OwnMedia>({ method: "GET", path: `/me/media/${id}` }, 200);
      if (media.status === "ready") return media;
      if (media.status === "failed") {
        throw new Error(`the video failed: ${media.failureReason ?? "no reason given"}`);
      }
      if (Date.now() + pollMs > deadline) {
        throw new Error(`the video is ${media.status} after ${readyWithinMs / 1_000} s`);
      }
      await sleep(pollMs);
    }
  }

  /** Neither the video nor its stream may be seen by others. */
  private async checkPrivacy({ id, playback }: OwnMedia): Promise<void> {
    expectStatus(await this.product.call({ method: "GET", path: `/media/${id}` }), 404);
    expectStatus(await this.product.read(playback?.url ?? ""), 403);
  }

  /** Plays like a viewer: the master playlist, one of its playlists, segments and the poster. Returns the viewer's cookies. */
  private async play(id: string): Promise<string> {
    const { playback, cookies } = await this.at("ticket", async () => {
      const answer = await this.product.call({
        method: "GET",
        path: `/me/media/${id}/playback`,
        token: this.token,
      });
      const given = answer.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
      if (given.length === 0) throw new Error(`no cookies: ${answer.summary}`);
      return { playback: parsed<Ticket["playback"]>(answer, 200), cookies: given.join("; ") };
    });
    const read = async (path: string): Promise<Buffer> => {
      const answer = await this.product.read(path, cookies);
      expectStatus(answer, 200);
      return answer.bytes;
    };
    const master = await this.at("master-playlist", async () =>
      firstUri(playback.url, await read(playback.url)),
    );
    const { init, segment } = await this.at("playlist", async () => {
      const bytes = await read(master);
      return { init: initUri(master, bytes), segment: firstUri(master, bytes) };
    });
    await this.at("init-segment", async () => expectBox(await read(init), { path: init, type: "ftyp" }));
    await this.at("segment", async () => expectBox(await read(segment), { path: segment, type: "moof" }));
    await this.at("poster", async () => expectJpeg(await read(playback.poster)));
    return cookies;
  }

  /** Deletes a video; again while a processor is being stopped. */
  private async delete(id: string): Promise<void> {
    const { pollMs = 1_000 } = this.options;
    const deadline = Date.now() + DELETE_WITHIN_MS;
    for (;;) {
      const answer = await this.callAsCreator({ method: "DELETE", path: `/media/${id}` });
      if (answer.status === 409 && Date.now() + pollMs < deadline) {
        await sleep(pollMs);
        continue;
      }
      return expectStatus(answer, 204);
    }
  }

  /** A file that nobody has read before is in no cache of CloudFront, so its answer is S3's. The cookies are still valid. */
  private async checkGone({ id, playback }: OwnMedia, cookies: string): Promise<void> {
    expectStatus(await this.callAsCreator({ method: "GET", path: `/me/media/${id}` }), 404);
    expectStatus(await this.product.read(playback?.sprite ?? "", cookies), 403);
  }

  private callAsCreator(request: Omit<ApiRequest, "token">): Promise<Answer> {
    return this.product.call({ ...request, token: this.token });
  }

  /** The JSON of an answer to the creator; throws if it has another status. */
  private async ask<Body>(request: Omit<ApiRequest, "token">, status: number): Promise<Body> {
    return parsed<Body>(await this.callAsCreator(request), status);
  }
}

function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status) throw new Error(`${answer.summary}; expected ${status}`);
}

function parsed<Body>(answer: Answer, status: number): Body {
  expectStatus(answer, status);
  return JSON.parse(answer.bytes.toString("utf8")) as Body;
}

/** Path of the first URI in a playlist. */
function firstUri(path: string, playlist: Buffer): string {
  const uri = linesOf(playlist).find((line) => line !== "" && !line.startsWith("#"));
  if (uri === undefined) throw new Error(`${path} lists nothing: ${playlist.toString("utf8", 0, 200)}`);
  return beside(path, uri);
}

/** Path of the initialization segment of a playlist. */
function initUri(path: string, playlist: Buffer): string {
  const uri = linesOf(playlist)
    .map((line) => /^#EXT-X-MAP:.*URI="([^"]+)"/.exec(line)?.[1])
    .find((one) => one !== undefined);
  if (uri === undefined) throw new Error(`${path} has no EXT-X-MAP: ${playlist.toString("utf8", 0, 200)}`);
  return beside(path, uri);
}

const linesOf = (playlist: Buffer): string[] =>
  playlist
    .toString("utf8")
    .split("\n")
    .map((line) => line.trim());

const beside = (path: string, uri: string): string => new URL(uri, `https://stream.invalid${path}`).pathname;

/** Throws if a segment has no box of that type on its top level. */
function expectBox(bytes: Buffer, { path, type }: { readonly path: string; readonly type: string }): void {
  for (let offset = 0; offset + 8 <= bytes.length;) {
    if (bytes.toString("latin1", offset + 4, offset + 8) === type) return;
    const length = bytes.readUInt32BE(offset);
    if (length < 8) break;
    offset += length;
  }
  throw new Error(`${path} has ${bytes.length} bytes and no box ${type}`);
}

function expectJpeg(bytes: Buffer): void {
  if (bytes.length > 2 && bytes.readUInt16BE(0) === 0xffd8) return;
  throw new Error(`the poster has ${bytes.length} bytes and is no JPEG`);
}
