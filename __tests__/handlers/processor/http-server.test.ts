import type { Status } from "../../../handlers/media/media";
import { eventsPath } from "../../../handlers/media/event-tickets";
import { HttpServer, type HttpServerOptions } from "../../../handlers/processor/http-server";
import type { ServerRequest } from "../../../handlers/runtime/server";
import { id } from "./fakes";

type Row = Awaited<ReturnType<HttpServerOptions["statuses"]["find"]>>;
const row = (status: Status): Row => ({
  id,
  status,
  failureReason: null,
  visibility: "public",
  eventsKey: null,
});
const events = (ticket?: string, viewer = "192.0.2.1"): ServerRequest => ({
  path: `/events/${id}`,
  parameter: (name) => (name === "ticket" ? ticket : undefined),
  header: (name) => (name === "x-forwarded-for" ? `${viewer}, 198.51.100.1` : undefined),
  peer: "10.0.0.1",
});
/** A listener of an address of its own. */
const eventsOf = (viewer: number): ServerRequest => events(undefined, `10.1.${viewer >> 8}.${viewer & 255}`);
/** The signal of a request whose client stays. */
const connected = () => new AbortController().signal;

/** A server whose `find` gives the media, with an empty cache. */
function pagesFor(find: () => Promise<Row>): HttpServer {
  return new HttpServer({
    board: { read: () => Promise.resolve(undefined) },
    statuses: { find },
    consumer: { isPolling: () => true, activeMessages: 0 },
    stopping: new AbortController().signal,
    pollIntervalMs: 1,
  });
}

/** Status of the response, or "none yet" while it is pending. */
const now = (answer: Promise<{ status: number }>): Promise<number | "none yet"> =>
  Promise.race([
    answer.then(({ status }) => status),
    new Promise<"none yet">((resolve) => setImmediate(resolve, "none yet")),
  ]);

describe("those who listen", () => {
  it("are counted while they wait for their first answer, and refused when they are too many", async () => {
    const pages = pagesFor(() => new Promise(() => undefined));
    const callers = Array.from({ length: 500 }, () => new AbortController());
    const waiting = callers.map(({ signal }, viewer) => pages.answer(eventsOf(viewer), signal));
    expect(await now(waiting[499] as Promise<{ status: number }>)).toBe("none yet");
    expect(await now(pages.answer(events(), connected()))).toBe(503);
    // A client that disconnects frees its place at once.
    callers[0]?.abort();
    expect(await now(pages.answer(events(), connected()))).toBe("none yet");
    expect(await now(pages.answer(events(), connected()))).toBe(503);
  });

  it("of one address are at most 50, and others are still heard", async () => {
    const pages = pagesFor(() => new Promise(() => undefined));
    const callers = Array.from({ length: 50 }, () => new AbortController());
    for (const { signal } of callers) void pages.answer(events(), signal);
    const refused = await pages.answer(events(), connected());
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "5"]);
    expect(await now(pages.answer(eventsOf(1), connected()))).toBe("none yet");
    callers[0]?.abort();
    expect(await now(pages.answer(events(), connected()))).toBe("none yet");
  });

  it("are not counted any more once they were refused or have heard the end", async () => {
    const pages = pagesFor(() => Promise.resolve(undefined));
    for (let call = 0; call < 1_000; call++) {
      const caller = new AbortController();
      expect((await pages.answer(events(), caller.signal)).status).toBe(404);
      caller.abort();
    }
  });

  it("get an error of the database, not a missing media", async () => {
    const { status, headers } = await pagesFor(() => Promise.reject(new Error("away"))).answer(
      events(),
      connected(),
    );
    expect(status).toBe(503);
    expect(headers["retry-after"]).toBeDefined();
  });

  it("get no more events when the media is removed", async () => {
    const answers = [row("uploaded"), row("uploaded"), undefined];
    const { status, body } = await pagesFor(() => Promise.resolve(answers.shift())).answer(
      events(),
      connected(),
    );
    expect(status).toBe(200);
    const parts: string[] = [];
    for await (const part of body) parts.push(part);
    expect(parts.filter((part) => part.startsWith("event:"))).toEqual([
      'event: progress\ndata: {"status":"uploaded","percent":0}\n\n',
    ]);
    expect(answers).toEqual([]);
  });

  it("get the reason of a failure as a sentence and as a code", async () => {
    const failureReason = "The video is longer than 12 hours.";
    const failed = { ...(row("failed") as NonNullable<Row>), failureReason };
    const { body } = await pagesFor(() => Promise.resolve(failed)).answer(events(), connected());
    const parts: string[] = [];
    for await (const part of body) parts.push(part);
    const [, data = ""] = /^event: progress\ndata: (.*)$/m.exec(parts.join("")) ?? [];
    expect(JSON.parse(data)).toEqual({
      status: "failed",
      percent: 0,
      reason: failureReason,
      failure: { code: "tooLong", values: { hours: 12 } },
    });
  });
});

describe("the events of a media that is not public", () => {
  const hidden: NonNullable<Row> = {
    ...(row("uploaded") as NonNullable<Row>),
    visibility: "private",
    eventsKey: "key",
  };
  const ticketOf = (media: NonNullable<Row>): string =>
    new URL(eventsPath(media), "http://x").searchParams.get("ticket") ?? "";

  it("are sent to those with a ticket, and are not there for others", async () => {
    const pages = pagesFor(() => Promise.resolve(hidden));
    const ticket = ticketOf(hidden);
    expect((await pages.answer(events(ticket), connected())).status).toBe(200);
    const others = [undefined, "", "1.x", `${ticket}x`, ticketOf({ ...hidden, id: `${id}0` })];
    for (const other of others) expect((await pages.answer(events(other), connected())).status).toBe(404);
  });

  it("end when the media's visibility has changed, which gives it another key", async () => {
    const answers: Row[] = [hidden, hidden, { ...hidden, eventsKey: "another" }, hidden];
    const pages = pagesFor(() => Promise.resolve(answers.shift()));
    const { body } = await pages.answer(events(ticketOf(hidden)), connected());
    for await (const part of body) expect(part).not.toContain("ready");
    expect(answers).toHaveLength(1);
  });

  it("end for everybody without a ticket when a public media becomes private", async () => {
    const answers: Row[] = [row("uploaded"), hidden, hidden];
    const { body } = await pagesFor(() => Promise.resolve(answers.shift())).answer(events(), connected());
    for await (const part of body) expect(part).not.toContain("ready");
    expect(answers).toHaveLength(1);
  });
});
