import { setTimeout as sleep } from "node:timers/promises";
import { mayFollow } from "../media/event-tickets";
import { failureOf } from "../media/failure-reasons";
import type { Answer, ServerRequest } from "../runtime/server";
import { Listeners, viewerAddress } from "./listeners";
import type { Progress, ProgressBoard, Statuses } from "./ports";
import { progressOf } from "./progress";

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
 * One address has less, so that it can't take the events from everybody.
 */
const LISTENER_LIMITS = { most: 500, mostPerAddress: 50 };
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
  private readonly listeners = new Listeners(LISTENER_LIMITS);

  constructor(private readonly options: HttpServerOptions) {}

  readonly answer = async (
    { path, parameter, header, peer }: ServerRequest,
    gone: AbortSignal,
  ): Promise<Answer> => {
    if (path === "/health") return this.health();
    const id = EVENTS_PATH.exec(path)?.[1]?.toLowerCase();
    if (id === undefined) return problem(404, `no resource at ${path.slice(0, 200)}`);
    if (this.options.stopping.aborted) return problem(503, "the processor is stopping", RETRY_LATER_HEADERS);
    // Counted before the first read, which may be slow: otherwise the number would be unlimited.
    const full = this.listeners.enter(viewerAddress(header("x-forwarded-for"), peer), gone);
    if (full === "all") return problem(503, "too many listeners; try again", RETRY_LATER_HEADERS);
    if (full === "address") {
      return problem(429, "too many listeners of one address; try again", RETRY_LATER_HEADERS);
    }
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
  private health(): Answer {
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
      const look = turn % DATABASE_READ_EVERY_TURNS === 0 ? this.latest(listener) : this.noted(listener);
      const seen: Progress | "gone" | undefined = await Promise.resolve(look).catch(() => current);
      if (seen === "gone") return;
      current = seen;
    }
  }

  /** Progress from the cache while it is processed. Only the database says that it has ended: a note may be of an earlier try. */
  private async noted(listener: Listener): Promise<Progress | "gone"> {
    const note = await this.options.board.read(listener.id);
    return note?.status === "processing" ? note : this.fromDatabase(listener);
  }

  /** Progress from the cache if it is fresh, else from the database; gone if the listener may not see it any more. */
  private async latest(listener: Listener): Promise<Progress | "gone"> {
    const noted = await this.options.board.read(listener.id);
    const current = await this.fromDatabase(listener);
    const isFresh = noted !== undefined && Date.now() - Date.parse(noted.at) < PROGRESS_MAX_AGE_MS;
    const isUnderWay =
      current !== "gone" && current.status === "processing" && noted?.status === "processing";
    return isFresh && isUnderWay ? noted : current;
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

const TITLES = { 404: "Not Found", 429: "Too Many Requests", 503: "Service Unavailable" } as const;

function problem(
  status: keyof typeof TITLES,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { ...JSON_HEADERS, ...headers, "content-type": "application/problem+json" },
    body: JSON.stringify({ type: "about:blank", title: TITLES[status], status, detail }),
  };
}
