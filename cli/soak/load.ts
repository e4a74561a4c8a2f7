import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "./ledger";

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
  readonly upload: { readonly parts: readonly { readonly partNumber: number; readonly url: string }[] };
}

/** Viewers and a creator, who use the product at the same time. */
export class Load {
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

  private async list(): Promise<void> {
    const call = { operation: "GET /media", path: "/api/media?limit=20", expected: [200] };
    const { status, began, text } = await this.call(call);
    if (status !== 200) return;
    const { items } = JSON.parse(text) as { readonly items: readonly { readonly id: string }[] };
    this.options.ledger.shown(
      items.map(({ id }) => id),
      { operation: call.operation, began },
    );
  }

  /** Reads a media and its stream; one that is not ready yet is followed by its events. */
  private async watch(): Promise<void> {
    const { ledger } = this.options;
    const id = one([...ledger.kept(), ...ledger.gone()]);
    if (id === undefined) return;
    const item = { operation: "GET /media/{id}", path: `/api/media/${id}`, expected: [200, 404] };
    const found = await this.call(item);
    if (found.status !== 200) return;
    ledger.shown([id], { operation: item.operation, began: found.began });
    const { status, events } = JSON.parse(found.text) as {
      readonly status: string;
      readonly events?: string;
    };
    if (events !== undefined) await this.follow(events);
    if (status === "ready") await this.play(id);
  }

  /** Follows events until they end, as they do when the media is ready, has failed or is deleted, or for a while. */
  private async follow(path: string): Promise<void> {
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
    const milliseconds = performance.now() - began;
    ledger.answered({ operation: "GET /events/{id}", status, began, milliseconds }, [200, 204, 404]);
  }

  private async play(id: string): Promise<void> {
    const { ledger } = this.options;
    const ticket = {
      operation: "GET /media/{id}/playback",
      path: `/api/media/${id}/playback`,
      expected: [200, 404],
    };
    const { status, began, text, cookies } = await this.call(ticket);
    if (status !== 200) return;
    ledger.shown([id], { operation: ticket.operation, began });
    const { url } = JSON.parse(text) as { readonly url: string };
    // Cookies stay valid for hours, but objects are removed.
    await this.call({
      operation: "GET /stream/…",
      path: url,
      headers: { cookie: cookies },
      expected: [200, 403, 404],
    });
  }

  private async upload(): Promise<void> {
    const { ledger, clip } = this.options;
    const begun = await this.asCreator({
      operation: "POST /media",
      path: "/api/media",
      method: "POST",
      body: { title: "Load", visibility: "public", contentType: "video/mp4", sizeBytes: clip.length },
      expected: [201],
    });
    if (begun.status !== 201) return;
    const { media, upload } = JSON.parse(begun.text) as Begun;
    ledger.accepted(media.id);
    const parts: object[] = [];
    for (const { partNumber, url } of upload.parts) {
      const put = await fetch(url, { method: "PUT", body: new Uint8Array(clip) }).catch(() => undefined);
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
    for (const path of [`/api/media/${id}`, `/api/media/${id}/playback`]) {
      await this.call({ operation: "GET after DELETE", path, expected: [404] });
    }
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

function one<Value>(values: readonly Value[]): Value | undefined {
  return values[Math.floor(Math.random() * values.length)];
}
