import { setTimeout as sleep } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import type { Asked, Ledger, Viewer, Visibility } from "./ledger";

export interface LoadOptions {
  /** URL of the product. */
  readonly url: string;
  /** A valid identity token of a creator. */
  readonly token: () => Promise<string>;
  readonly clip: Buffer;
  readonly ledger: Ledger;
  /** Ends the load. */
  readonly stop: AbortSignal;
}

/** Visibilities of uploads, in turn. */
const VISIBILITIES: readonly Visibility[] = ["public", "unlisted", "private"];
/** The first of so many uploads has several parts. */
const LARGE_EVERY = 5;
/** Bytes that make a source larger than a part of 8 MiB. */
const FILLING_BYTES = 9 * 1_024 ** 2;

/** Milliseconds between two actions of a worker. */
const PAUSES = { list: 200, watch: 300, upload: 20_000, delete: 45_000 } as const;
/** Workers of each kind. */
const WORKERS = { list: 3, watch: 3, upload: 1, delete: 1 } as const;
const ANSWER_TIMEOUT_MS = 60_000;
/** Milliseconds for which events are followed. */
const FOLLOW_MS = 20_000;

interface Call {
  readonly operation: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | undefined;
  /** Right statuses, besides those of a busy server. */
  readonly expected: readonly number[];
}

interface Got {
  readonly status: number;
  readonly began: number;
  readonly text: string;
  readonly cookies: string;
}

interface Begun {
  readonly media: { readonly id: string };
  readonly upload: {
    readonly partSizeBytes: number;
    readonly parts: readonly { readonly partNumber: number; readonly url: string }[];
  };
}

interface Listed {
  readonly items: readonly { readonly id: string; readonly thumbnail?: string }[];
}

/** Status and path of events of a media. */
interface Detail {
  readonly status: string;
  readonly events?: string;
}

/** Viewers and a creator, who use the product at the same time. */
export class Load {
  private uploads = 0;

  constructor(private readonly options: LoadOptions) {}

  /** Resolves when the signal has ended all workers. */
  async run(): Promise<void> {
    const work = {
      list: () => this.list(),
      watch: () => this.watch(),
      upload: () => this.upload(),
      delete: () => this.remove(),
    };
    const kinds = Object.keys(work) as (keyof typeof work)[];
    await Promise.all(
      kinds.flatMap((kind) =>
        Array.from({ length: WORKERS[kind] }, () => this.repeat(PAUSES[kind], work[kind])),
      ),
    );
  }

  /** The status of a media for its creator. */
  async statusOf(id: string): Promise<{ readonly status: number; readonly media: string | undefined }> {
    const { status, text } = await this.asCreator({
      operation: "GET /me/media/{id}",
      path: `/api/me/media/${id}`,
      expected: [200, 404],
    });
    const media = status === 200 ? (JSON.parse(text) as { readonly status: string }).status : undefined;
    return { status, media };
  }

  private async repeat(pauseMs: number, work: () => Promise<void>): Promise<void> {
    const { stop, ledger } = this.options;
    while (!stop.aborted) {
      await work().catch((error: Error) => ledger.fault(error.message));
      await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** Reads the first page of everybody's list, and the creator's. */
  private async list(): Promise<void> {
    const query = "media?limit=20";
    const all = { operation: "GET /media", path: `/api/${query}`, expected: [200] };
    this.listed(all.operation, "viewer", await this.call(all));
    const own = { operation: "GET /me/media", path: `/api/me/${query}`, expected: [200] };
    this.listed(own.operation, "creator", await this.asCreator(own));
  }

  private listed(operation: string, to: Viewer, { status, began, text }: Got): void {
    if (status !== 200) return;
    const { ledger } = this.options;
    const { items } = JSON.parse(text) as Listed;
    ledger.shown(
      items.map(({ id }) => id),
      { operation, began, to },
    );
    for (const { id, thumbnail } of items) if (thumbnail !== undefined) ledger.pictured(id, thumbnail);
  }

  /** Reads a media, its link, poster and stream; one that is not ready yet is followed by its events. */
  private async watch(): Promise<void> {
    const { ledger } = this.options;
    const id = one([...ledger.kept(), ...ledger.gone()]);
    if (id === undefined) return;
    await this.openLink(id);
    const thumbnail = ledger.registered(id)?.thumbnail;
    if (thumbnail !== undefined) await this.picture(id, thumbnail);
    const item = { operation: "GET /media/{id}", path: `/api/media/${id}`, expected: [200, 404] };
    const { status, began, text } = await this.call(item);
    if (status === 200) {
      ledger.shown([id], { operation: item.operation, began });
      return this.follow(id, { media: JSON.parse(text) as Detail, to: "viewer" });
    }
    const own = { operation: "GET /me/media/{id}", path: `/api/me/media/${id}`, expected: [200, 404] };
    const got = await this.asCreator(own);
    if (got.status !== 200) return;
    ledger.shown([id], { operation: own.operation, began: got.began, to: "creator" });
    await this.follow(id, { media: JSON.parse(got.text) as Detail, to: "creator" });
  }

  /** Follows a media until it is ready, or plays it. */
  private async follow(
    id: string,
    { media, to }: { readonly media: Detail; readonly to: Viewer },
  ): Promise<void> {
    if (media.events !== undefined) {
      const asked = await this.listen(media.events, [200, 204, 404]);
      if (asked.status === 200) this.options.ledger.shown([id], { ...asked, to });
    }
    if (media.status === "ready") await this.play(id, to);
  }

  /** The page of a link names the media only to those who may see it. */
  private async openLink(id: string): Promise<Got> {
    const { ledger } = this.options;
    const page = { operation: "GET /v/{id}", path: `/v/${id}`, expected: [200] };
    const got = await this.call(page);
    const title = ledger.registered(id)?.title;
    if (title !== undefined && got.text.includes(title))
      ledger.shown([id], { operation: page.operation, began: got.began });
    return got;
  }

  /** A poster by the signed path of a list; 403 is the answer of a bucket without the object. */
  private async picture(id: string, path: string): Promise<Got> {
    const operation = "GET a thumbnail";
    const got = await this.call({ operation, path, expected: [200, 403, 404] });
    // Its signature is valid for whoever has it.
    if (got.status === 200) this.options.ledger.shown([id], { operation, began: got.began, to: "creator" });
    return got;
  }

  /** Reads events until they end, as they do when the media is ready, has failed or is deleted, or for a while. */
  private async listen(path: string, expected: readonly number[]): Promise<Asked> {
    const { url, ledger } = this.options;
    const began = performance.now();
    let status = 0;
    try {
      const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(FOLLOW_MS) });
      ({ status } = response);
      await response.text();
    } catch (error) {
      if ((error as Error).name === "TimeoutError") status ||= 200;
      else status = 0;
    }
    const asked = {
      operation: "GET /events/{id}",
      status,
      began,
      milliseconds: performance.now() - began,
    };
    ledger.answered(asked, expected);
    return asked;
  }

  private async play(id: string, to: Viewer): Promise<void> {
    const { ledger } = this.options;
    const operation = to === "creator" ? "GET /me/media/{id}/playback" : "GET /media/{id}/playback";
    const ticket = {
      operation,
      path: `/api/${to === "creator" ? "me/" : ""}media/${id}/playback`,
      expected: [200, 404],
    };
    const { status, began, text, cookies } = await (to === "creator"
      ? this.asCreator(ticket)
      : this.call(ticket));
    if (status !== 200) return;
    ledger.shown([id], { operation, began, to });
    const { url } = JSON.parse(text) as { readonly url: string };
    // Cookies stay valid for hours, but objects are removed.
    const stream = {
      operation: "GET /stream/…",
      path: url,
      headers: { cookie: cookies },
      expected: [200, 403, 404],
    };
    const got = await this.call(stream);
    if (got.status === 200) ledger.shown([id], { operation: stream.operation, began: got.began, to });
  }

  private async upload(): Promise<void> {
    const { ledger, clip } = this.options;
    const number = this.uploads++;
    const source = number % LARGE_EVERY === 0 ? Buffer.concat([clip, filling(FILLING_BYTES)]) : clip;
    const registered = {
      title: `Load ${randomUUID()}`,
      visibility: VISIBILITIES[number % VISIBILITIES.length] ?? "public",
    };
    const begun = await this.asCreator({
      operation: "POST /media",
      path: "/api/media",
      method: "POST",
      body: { ...registered, contentType: "video/mp4", sizeBytes: source.length },
      expected: [201],
    });
    if (begun.status !== 201) return;
    const { media, upload } = JSON.parse(begun.text) as Begun;
    ledger.accepted(media.id, registered);
    const parts: object[] = [];
    for (const { partNumber, url } of upload.parts) {
      const begin = (partNumber - 1) * upload.partSizeBytes;
      const body = new Uint8Array(source.subarray(begin, begin + upload.partSizeBytes));
      const put = await fetch(url, { method: "PUT", body }).catch(() => undefined);
      if (put?.ok !== true) return;
      parts.push({ partNumber, etag: put.headers.get("etag") });
    }
    const done = await this.asCreator({
      operation: "POST …/upload/complete",
      path: `/api/media/${media.id}/upload/complete`,
      method: "POST",
      body: { parts },
      expected: [200],
    });
    if (done.status === 200) ledger.completed(media.id);
  }

  /** Deletes a media; from then on nobody may see it. */
  private async remove(): Promise<void> {
    const { ledger } = this.options;
    const id = one(ledger.kept({ completed: true }));
    if (id === undefined) return;
    const removed = await this.asCreator({
      operation: "DELETE /media/{id}",
      path: `/api/media/${id}`,
      method: "DELETE",
      // 409: it is being processed.
      expected: [204, 409],
    });
    if (removed.status !== 204) return;
    ledger.deleted(id);
    await this.lookForDeleted(id);
  }

  private async lookForDeleted(id: string): Promise<void> {
    const { ledger } = this.options;
    const gone = { operation: "GET after DELETE", expected: [404] };
    const answers: Pick<Got, "status">[] = [];
    for (const path of [`/api/media/${id}`, `/api/media/${id}/playback`])
      answers.push(await this.call({ ...gone, path }));
    for (const path of [`/api/me/media/${id}`, `/api/me/media/${id}/playback`])
      answers.push(await this.asCreator({ ...gone, path }));
    answers.push(await this.listen(`/events/${id}`, [404]));
    const thumbnail = ledger.registered(id)?.thumbnail;
    if (thumbnail !== undefined) answers.push(await this.picture(id, thumbnail));
    answers.push(await this.openLink(id));
    for (const { status } of answers) ledger.askedAfterDeletion(status);
    await this.list();
  }

  private async asCreator(call: Call): Promise<Got> {
    const authorization = `Bearer ${await this.options.token()}`;
    return this.call({ ...call, headers: { authorization, "content-type": "application/json" } });
  }

  private async call({ operation, path, method = "GET", headers = {}, body, expected }: Call): Promise<Got> {
    const { url, ledger } = this.options;
    const began = performance.now();
    let got: Got = { status: 0, began, text: "", cookies: "" };
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      const cookies = response.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
      got = { status: response.status, began, text: await response.text(), cookies: cookies.join("; ") };
    } catch {
      // Counted as no answer.
    }
    ledger.answered(
      { operation, status: got.status, began, milliseconds: performance.now() - began },
      expected,
    );
    return got;
  }
}

/** A box that players of MP4 skip. */
function filling(bytes: number): Buffer {
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes, 0);
  box.write("free", 4, "latin1");
  return box;
}

function one<Value>(values: readonly Value[]): Value | undefined {
  return values[Math.floor(Math.random() * values.length)];
}
