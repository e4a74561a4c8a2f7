import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { restoreObjects } from "../../../cli/backup-restore/objects/restore";
import { eventsPath } from "../../../handlers/media/event-tickets";
import { nextSecond } from "../../support/next-second";
import { rawRequest } from "../../support/raw-request";
import { clip, noise } from "./clips";
import { Platform, type ProcessorRun, until } from "./platform";

interface Segment {
  readonly name: string;
  readonly trace_id: string;
  readonly parent_id?: string;
  readonly fault?: boolean;
  readonly in_progress?: boolean;
  readonly annotations?: Record<string, unknown>;
  readonly metadata?: { readonly default: Record<string, unknown> };
  readonly cause?: { readonly exceptions: { message: string }[] };
  readonly subsegments?: Segment[];
}

const root = "1-58406520-a006649127e371903a2de979";
const parent = "53995c3f42cd8ad8";
let platform: Platform;
let processor: ProcessorRun;
let daemon: Socket;
const segments: Segment[] = [];

beforeAll(async () => {
  platform = await Platform.start();
  daemon = createSocket("udp4").bind(0, "127.0.0.1");
  await once(daemon, "listening");
  // Each datagram is a header, a line feed and a segment.
  daemon.on("message", (data) =>
    segments.push(JSON.parse(data.toString().split("\n")[1] ?? "{}") as Segment),
  );
  const AWS_XRAY_DAEMON_ADDRESS = `127.0.0.1:${daemon.address().port}`;
  processor = await platform.processor({ ...platform.atPlayingSpeed(), AWS_XRAY_DAEMON_ADDRESS });
});
afterAll(async () => {
  daemon.close();
  await platform.stop();
});

async function untilTraced(id: string): Promise<{ segment: Segment; work: Segment }> {
  let found: { segment: Segment; work: Segment } | undefined;
  await until(
    `${id} is traced`,
    () => {
      const all = segments.flatMap((segment) =>
        (segment.subsegments ?? []).map((work) => ({ segment, work })),
      );
      found = all.find(({ work }) => work.annotations?.videoId === id);
      return found !== undefined;
    },
    { details: () => JSON.stringify(segments, undefined, 1) },
  );
  return found as { segment: Segment; work: Segment };
}

it("continues the trace of the request that the upload was made for", async () => {
  const trace = `Root=${root};Parent=${parent};Sampled=1`;
  const id = await platform.create(clip({ size: "320x180", seconds: 1 }), { trace });
  await platform.untilStatus(id, "ready");
  const { segment, work } = await untilTraced(id);
  expect(segment).toMatchObject({ name: "streamflow-processor", trace_id: root, parent_id: parent });
  expect(work).toMatchObject({ name: "ProcessVideo", annotations: { videoId: id } });
  expect(work.metadata?.default.processingTime).toBeGreaterThan(10);
  expect(work.fault).toBeUndefined();
  // Its requests to S3 are child segments.
  expect(work.subsegments?.map(({ name }) => name)).toContain("S3");
});

it("closes the subsegment with the error of a video that fails", async () => {
  const id = await platform.create(noise(1_000));
  const { failure_reason } = await platform.untilStatus(id, "failed");
  const { segment, work } = await untilTraced(id);
  expect(segment.trace_id).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  expect(work).toMatchObject({ name: "ProcessVideo", fault: true });
  expect(work.metadata?.default.processingTime).toEqual(expect.any(Number));
  expect(work.cause?.exceptions[0]?.message).toBe(failure_reason);
});

it("sends no trace that its header says is not sampled", async () => {
  const trace = "Root=1-58406520-b006649127e371903a2de979;Parent=53995c3f42cd8ad8;Sampled=0";
  const id = await platform.create(clip({ size: "160x90", seconds: 1 }), { trace });
  await platform.untilStatus(id, "ready");
  const next = await platform.create(noise(1_000));
  await untilTraced(next);
  expect(segments.filter(({ trace_id }) => trace_id.includes("b006649127e371903a2de979"))).toEqual([]);
});

interface ProgressEvent {
  readonly status: string;
  readonly percent: number;
  readonly reason?: string;
}

/** Resolves when the processor listens to a media's progress; then `events` reads it until the processor ends. */
async function listen(id: string): Promise<{ events(): Promise<ProgressEvent[]> }> {
  const response = await fetch(`http://127.0.0.1:${processor.port}/events/${id}`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  return { events: async () => eventsIn(await response.text()) };
}

function eventsIn(text: string): ProgressEvent[] {
  return [...text.matchAll(/^event: progress\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ""));
}

it("sends progress immediately, and ends with the result", async () => {
  const id = await platform.register();
  const listening = await listen(id);
  await platform.upload(id, clip({ size: "640x360", seconds: 6 }));
  const told = await listening.events();
  expect(told[0]).toEqual({ status: "registered", percent: 0 });
  expect(told.at(-1)).toEqual({ status: "ready", percent: 100 });
  const between = told.filter(
    ({ status, percent }) => status === "processing" && percent > 5 && percent < 100,
  );
  expect(between).not.toEqual([]);
  expect(told.map(({ percent }) => percent)).toEqual(
    told.map(({ percent }) => percent).sort((one, other) => one - other),
  );
});

it("publishes the result without the cache, and why a media failed", async () => {
  const id = await platform.create(noise(1_000));
  const { failure_reason } = await platform.untilStatus(id, "failed");
  await platform.stopCache();
  try {
    expect(await (await listen(id)).events()).toEqual([
      { status: "failed", percent: 0, reason: failure_reason, failure: { code: "unreadable", values: {} } },
    ]);
  } finally {
    await platform.startCache();
  }
});

it("queries the database for event streams on separate connections", async () => {
  const unknown = `http://127.0.0.1:${processor.port}/events/3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a99`;
  const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(unknown)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  // Last statement of each connection.
  const { rows } = await platform.database.admin().query<{ name: string; connections: number }>(
    `SELECT application_name AS name, count(*)::int AS connections FROM pg_stat_activity
     WHERE usename = 'processor' AND query LIKE '%AS "failureReason"%' GROUP BY 1`,
  );
  expect(rows).toEqual([{ name: "processor-listeners", connections: 2 }]);
});

it("keeps its lease while many ask for the events of media that do not exist", async () => {
  const id = await platform.register();
  const unknown = `http://127.0.0.1:${processor.port}/events/3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a99`;
  let flooding = true;
  const statuses = new Set<number>();
  const flood = Array.from({ length: 100 }, async () => {
    while (flooding) statuses.add((await fetch(unknown)).status);
  });
  try {
    await platform.upload(id, clip({ size: "640x360", seconds: 12 }));
    const { attempts } = await platform.untilStatus(id, "ready");
    expect(attempts).toBe(1);
  } finally {
    flooding = false;
    await Promise.all(flood);
  }
  // One address has at most 50 requests at a time; the database for listeners may be too slow for those.
  expect([...statuses].filter((status) => ![404, 429, 503].includes(status))).toEqual([]);
  expect(statuses).toContain(429);
});

it("ends the event stream of a media that became private, unless the listener has a ticket", async () => {
  const id = await platform.register();
  const listening = await listen(id);
  const { rows } = await platform.database
    .admin()
    .query<{ key: string }>(
      "UPDATE media SET visibility = 'private' WHERE id = $1 RETURNING events_key AS key",
      [id],
    );
  expect(await listening.events()).toEqual([{ status: "registered", percent: 0 }]);
  const at = (path: string) => fetch(`http://127.0.0.1:${processor.port}${path}`);
  expect((await at(`/events/${id}`)).status).toBe(404);
  const ticket = eventsPath({ id, visibility: "private", eventsKey: rows[0]?.key ?? null });
  const answer = await at(ticket);
  expect(answer.status).toBe(200);
  await answer.body?.cancel();
});

it("ends the event stream of a removed media, and then responds that it does not exist", async () => {
  const id = await platform.register();
  const url = `http://127.0.0.1:${processor.port}/events/${id}`;
  const listening = await fetch(url);
  expect(listening.status).toBe(200);
  await platform.database.admin().query("UPDATE media SET removing_since = now() WHERE id = $1", [id]);
  expect(await listening.text()).toContain('"status":"registered"');
  expect((await fetch(url)).status).toBe(404);
});

it.each([
  ["/events/3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a99", 404],
  ["/events/../health", 404],
  ["/events/%2e%2e/health", 404],
  ["//health", 404],
  ["/events/%zz", 404],
  ["/events/x", 404],
  ["/", 404],
])("answers %s with %i", async (path, status) => {
  expect((await rawRequest({ port: processor.port, path })).status).toBe(status);
});

it("is healthy while it polls, and reports its shutdown", async () => {
  const health = `http://127.0.0.1:${processor.port}/health`;
  expect(await (await fetch(health)).json()).toEqual({ status: "up", working: 0 });
  expect((await fetch(health, { method: "POST" })).status).toBe(405);
  await platform.create(clip({ size: "640x360", seconds: 12 }));
  await platform.untilTranscoding();
  process.kill(processor.process.pid, "SIGTERM");
  await until("it says so", async () => (await fetch(health)).status === 503);
  expect(await (await fetch(health)).json()).toEqual({ status: "stopping", working: 1 });
  expect(await processor.process.ended).toEqual({ code: 0, signal: null });
});

it("creates a new stream for a new version of the source, and ignores a late event of an old one", async () => {
  await platform.stopProcessors();
  await platform.processor();
  const id = await platform.register();
  const old = await platform.upload(id, clip({ size: "160x90", seconds: 1 }));
  const first = await platform.untilStatus(id, "ready");
  await platform.upload(id, clip({ size: "320x180", seconds: 1 }));
  await until("the new one is ready", async () => (await platform.row(id)).width === 320);
  const second = await platform.untilStatus(id, "ready");
  expect(second.playback_path).not.toBe(first.playback_path);
  await platform.tell(id, old, { sequencer: "0001" });
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expect(await platform.row(id)).toEqual(second);
});

it("leaves a video alone whose source was deleted and restored", async () => {
  await platform.stopProcessors();
  await platform.processor();
  const id = await platform.create(clip({ size: "160x90", seconds: 1 }));
  const before = await platform.untilStatus(id, "ready");
  const key = `uploads/${id}/source`;
  const time = await nextSecond();
  await platform.s3.deleteObject({ Bucket: "uploads-test", Key: key });
  const report = await restoreObjects({
    client: platform.s3,
    bucket: "uploads-test",
    prefix: key,
    backup: undefined,
    time,
    keptSince: new Date(0),
    exact: false,
    dryRun: false,
  });
  expect(report).toMatchObject({ copied: 1, failed: [] });
  await until("the processor has seen it", () => platform.told("nothing to do").length === 1);
  await platform.untilWaiting({ queue: 0, dead: 0 });
  const { VersionId } = await platform.s3.headObject({ Bucket: "uploads-test", Key: key });
  expect(await platform.row(id)).toEqual({
    ...before,
    source_version: VersionId,
    source_sequencer: expect.any(String),
    updated_at: expect.any(Date),
  });
});
