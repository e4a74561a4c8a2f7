import { setTimeout as sleep } from "node:timers/promises";
import type { Progress, ProgressBoard, Statuses } from "./ports";
import { progressOf } from "./progress";

/** An answer of HTTP. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
}

export interface HttpServerOptions {
  readonly board: Pick<ProgressBoard, "read">;
  /** Rejects when the database can't be asked now. */
  readonly statuses: Pick<Statuses, "find">;
  readonly consumer: { isPolling(): boolean; readonly activeMessages: number };
  /** Comes when the processor is about to end. */
  readonly stopping: AbortSignal;
  /** Milliseconds between two looks at the cache; a second by default. */
  readonly pollIntervalMs?: number;
}

const EVENTS_PATH = /^\/events\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;
/** Listeners at a time, those included that wait for their first answer: each looks at the cache once a second. */
const MAX_LISTENERS = 500;
const RETRY_LATER_HEADERS = { "retry-after": "5" };
/** Looks from one at the database, or one sign of life, to the next. */
const DATABASE_READ_EVERY_TURNS = 5;
const KEEP_ALIVE_EVERY_TURNS = 15;
/** Milliseconds after which a note says no more how things are. */
const PROGRESS_MAX_AGE_MS = 30_000;
const JSON_HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

/** What the processor answers: `/health`, and `/events/{id}` with the progress of a media as it comes. */
export class HttpServer {
  private listeners = 0;

  constructor(private readonly options: HttpServerOptions) {}

  readonly answer = async (path: string, gone: AbortSignal): Promise<HttpResponse> => {
    if (path === "/health") return this.health();
    const id = EVENTS_PATH.exec(path)?.[1]?.toLowerCase();
    if (id === undefined) return problem(404, `nothing is at ${path.slice(0, 200)}`);
    if (this.listeners >= MAX_LISTENERS || this.options.stopping.aborted) {
      return problem(503, "too many listen; try again", RETRY_LATER_HEADERS);
    }
    // Counted before the first look, which may take long: else any number could wait for it.
    this.listeners++;
    gone.addEventListener("abort", () => this.listeners--, { once: true });
    let first: Progress | "gone";
    try {
      first = await this.fromDatabase(id);
    } catch {
      return problem(503, "the database does not answer; try again", RETRY_LATER_HEADERS);
    }
    if (first === "gone") return problem(404, `no media has the id ${id}`);
    return {
      status: 200,
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
      body: this.events(id, first, AbortSignal.any([gone, this.options.stopping])),
    };
  };

  /** Of the processor itself: one whose database is away is not mended by ending it in the middle of its work. */
  private health(): HttpResponse {
    const { consumer, stopping } = this.options;
    const status = stopping.aborted ? "stopping" : consumer.isPolling() ? "up" : "down";
    const body = JSON.stringify({ status, working: consumer.activeMessages });
    return { status: status === "up" ? 200 : 503, headers: JSON_HEADERS, body };
  }

  /** Ends with the media's last status; a browser that is cut off asks again, after two seconds. */
  private async *events(id: string, first: Progress, end: AbortSignal): AsyncGenerator<string> {
    const { pollIntervalMs = 1_000 } = this.options;
    yield "retry: 2000\n\n";
    let told = "";
    let current: Progress | undefined = first;
    for (let turn = 1; !end.aborted; turn++) {
      if (current !== undefined) {
        const { status, percent, reason } = current;
        const event = JSON.stringify({ status, percent, reason });
        if (event !== told) yield `event: progress\ndata: ${(told = event)}\n\n`;
        if (status === "ready" || status === "failed") return;
      }
      await sleep(pollIntervalMs, undefined, { signal: end }).catch(() => undefined);
      if (turn % KEEP_ALIVE_EVERY_TURNS === 0) yield ": still here\n\n";
      const look = turn % DATABASE_READ_EVERY_TURNS === 0 ? this.latest(id) : this.options.board.read(id);
      const seen: Progress | "gone" | undefined = await Promise.resolve(look).catch(() => current);
      if (seen === "gone") return;
      current = seen;
    }
  }

  /** The cache's word while it is fresh; else the database's. */
  private async latest(id: string): Promise<Progress | "gone"> {
    const noted = await this.options.board.read(id);
    const isFresh = noted !== undefined && Date.now() - Date.parse(noted.at) < PROGRESS_MAX_AGE_MS;
    return isFresh ? noted : this.fromDatabase(id);
  }

  /** What the database says, with the percentage that the cache has for the same status. */
  private async fromDatabase(id: string): Promise<Progress | "gone"> {
    const [row, noted] = await Promise.all([this.options.statuses.find(id), this.options.board.read(id)]);
    if (row === undefined) return "gone";
    const percent = row.status === "ready" ? 100 : noted?.status === row.status ? noted.percent : 0;
    return progressOf({
      status: row.status,
      percent,
      reason: row.failureReason ?? undefined,
      now: Date.now(),
    });
  }
}

function problem(
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const title = status === 404 ? "Not Found" : "Service Unavailable";
  return {
    status,
    headers: { ...JSON_HEADERS, ...headers, "content-type": "application/problem+json" },
    body: JSON.stringify({ type: "about:blank", title, status, detail }),
  };
}
