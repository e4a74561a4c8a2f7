import { setTimeout as sleep } from "node:timers/promises";
import { mayFollow } from "../media/event-tickets";
import { failureOf } from "../media/failure-reasons";
import type { Progress, ProgressBoard, Statuses } from "./ports";
import { progressOf } from "./progress";

/** An HTTP request. */
export interface HttpServerRequest {
  readonly path: string;
  /** Value of a parameter of the query. */
  readonly parameter: (name: string) => string | undefined;
}

/** An HTTP response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
}

export interface HttpServerOptions {
  readonly board: Pick<ProgressBoard, "read">;
  /** Reads statuses; rejects if the database is unavailable. */
  readonly statuses: Pick<Statuses, "find">;
  readonly consumer: { isPolling(): boolean; readonly activeMessages: number };
  /** Aborted when the processor is about to stop. */
  readonly stopping: AbortSignal;
  /**
   * Milliseconds between polls of the cache.
   * @default 1000
   */
  readonly pollIntervalMs?: number;
}

const EVENTS_PATH = /^\/events\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;
/**
 * Maximum concurrent listeners, including those that wait for their first event; each polls the cache once per second.
 */
const MAX_LISTENERS = 500;
const RETRY_LATER_HEADERS = { "retry-after": "5" };
/** Polls between two database reads or keep-alive comments. */
const DATABASE_READ_EVERY_TURNS = 5;
const KEEP_ALIVE_EVERY_TURNS = 15;
/** Milliseconds after which cached progress is stale. */
const PROGRESS_MAX_AGE_MS = 30_000;
const JSON_HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

interface Listener {
  /** Id of the media. */
  readonly id: string;
  /** Ticket for its events, if the caller has one. */
  readonly ticket: string | undefined;
  /** When it began, in milliseconds since 1970: a ticket that expires later does not end it. */
  readonly since: number;
}

/** The processor's HTTP server: `/health`, and `/events/{id}` with the progress of a media as events. */
export class HttpServer {
  private listeners = 0;

  constructor(private readonly options: HttpServerOptions) {}

  readonly answer = async (
    { path, parameter }: HttpServerRequest,
    gone: AbortSignal,
  ): Promise<HttpResponse> => {
    if (path === "/health") return this.health();
    const id = EVENTS_PATH.exec(path)?.[1]?.toLowerCase();
    if (id === undefined) return problem(404, `no resource at ${path.slice(0, 200)}`);
    if (this.listeners >= MAX_LISTENERS || this.options.stopping.aborted) {
      return problem(503, "too many listeners; try again", RETRY_LATER_HEADERS);
    }
    // Counted before the first read, which may be slow: otherwise the number would be unlimited.
    this.listeners++;
    gone.addEventListener("abort", () => this.listeners--, { once: true });
    const listener = { id, ticket: parameter("ticket"), since: Date.now() };
    let first: Progress | "gone";
    try {
      first = await this.fromDatabase(listener);
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
      body: this.events(listener, first, AbortSignal.any([gone, this.options.stopping])),
    };
  };

  /** Health of the processor itself; ending it during its work does not help if the database is down. */
  private health(): HttpResponse {
    const { consumer, stopping } = this.options;
    const status = stopping.aborted ? "stopping" : consumer.isPolling() ? "up" : "down";
    const body = JSON.stringify({ status, working: consumer.activeMessages });
    return { status: status === "up" ? 200 : 503, headers: JSON_HEADERS, body };
  }

  /** Events until the media's final status; browsers reconnect after two seconds. */
  private async *events(listener: Listener, first: Progress, end: AbortSignal): AsyncGenerator<string> {
    const { pollIntervalMs = 1_000 } = this.options;
    yield "retry: 2000\n\n";
    let sent = "";
    let current: Progress | undefined = first;
    for (let turn = 1; !end.aborted; turn++) {
      if (current !== undefined) {
        const { status, percent, reason } = current;
        const failure = failureOf(reason ?? null) ?? undefined;
        const event = JSON.stringify({ status, percent, reason, failure });
        if (event !== sent) yield `event: progress\ndata: ${(sent = event)}\n\n`;
        if (status === "ready" || status === "failed") return;
      }
      await sleep(pollIntervalMs, undefined, { signal: end }).catch(() => undefined);
      if (turn % KEEP_ALIVE_EVERY_TURNS === 0) yield ": still here\n\n";
      const look =
        turn % DATABASE_READ_EVERY_TURNS === 0 ? this.latest(listener) : this.options.board.read(listener.id);
      const seen: Progress | "gone" | undefined = await Promise.resolve(look).catch(() => current);
      if (seen === "gone") return;
      current = seen;
    }
  }

  /** Progress from the cache if it is fresh, else from the database; gone if the listener may not see it any more. */
  private async latest(listener: Listener): Promise<Progress | "gone"> {
    const noted = await this.options.board.read(listener.id);
    const current = await this.fromDatabase(listener);
    const isFresh = noted !== undefined && Date.now() - Date.parse(noted.at) < PROGRESS_MAX_AGE_MS;
    return isFresh && current !== "gone" ? noted : current;
  }

  /**
   * Status from the database, with the cached percentage of the same status; gone if the listener may not see it, as if
   * it did not exist.
   */
  private async fromDatabase({ id, ticket, since }: Listener): Promise<Progress | "gone"> {
    const [row, noted] = await Promise.all([this.options.statuses.find(id), this.options.board.read(id)]);
    if (row === undefined || !mayFollow(row, ticket, since)) return "gone";
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
