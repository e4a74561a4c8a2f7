import { join } from "node:path";
import { clip } from "./clips";
import { Platform, until } from "./platform";

let platform: Platform;
let long: Buffer;
/** Slow enough to be interrupted. */
let slowly: { PATH: string };

beforeAll(async () => {
  platform = await Platform.start();
  slowly = platform.atPlayingSpeed();
  long = clip({ size: "1280x720", seconds: 12, rate: 30 });
});
afterAll(() => platform.stop());
afterEach(async () => {
  platform.gate.closed = false;
  expect(await platform.stopProcessors()).toEqual([]);
});

/** One video to interrupt, and four that wait behind it. */
async function createMany(): Promise<string[]> {
  const short = clip({ size: "640x360", seconds: 1 });
  const ids = [await platform.create(long)];
  for (let count = 0; count < 4; count++) ids.push(await platform.create(short));
  return ids;
}

/** Each file of each stream was written once, and each video was counted once. */
function expectOnce(videos = 1): void {
  const writes = Object.entries(platform.writes());
  expect(writes.length).toBeGreaterThan(5);
  expect(writes.filter(([, count]) => count !== 1)).toEqual([]);
  expect(platform.told("ready")).toHaveLength(videos);
}

it("processes a message that is delivered three times once", async () => {
  const id = await platform.create(clip({ size: "640x360", seconds: 2 }));
  const { VersionId = "" } = await platform.s3.headObject({
    Bucket: "uploads-test",
    Key: `uploads/${id}/source`,
  });
  await platform.tell(id, VersionId);
  await platform.tell(id, VersionId);
  await platform.processor();
  expect(await platform.untilStatus(id, "ready")).toMatchObject({ attempts: 1 });
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expectOnce();
  expect(platform.told("nothing to do")).toHaveLength(2);
});

it("stops the processing of a media that is being removed, and releases it", async () => {
  const processor = await platform.processor({ ...slowly, LEASE_SECONDS: "3" });
  const id = await platform.create(long);
  await platform.untilTranscoding();
  await platform.database.admin().query("UPDATE media SET removing_since = now() WHERE id = $1", [id]);
  await until("the work has stopped", () => platform.leftovers().length === 0, {
    details: () => processor.output(),
  });
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expect(platform.told("ready")).toEqual([]);
  expect(platform.writes()).toEqual({});
  const { rows } = await platform.database
    .admin()
    .query<{ free: boolean }>("SELECT leased_until <= clock_timestamp() AS free FROM media WHERE id = $1", [
      id,
    ]);
  expect(rows).toEqual([{ free: true }]);
});

it("has one of two processors process a media, and the other wait", async () => {
  await Promise.all([platform.processor(slowly), platform.processor(slowly)]);
  const id = await platform.register();
  const version = await platform.upload(id, long);
  await platform.tell(id, version);
  expect(await platform.untilStatus(id, "ready")).toMatchObject({ attempts: 1 });
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expectOnce();
  expect(platform.told("nothing to do").map(({ claim }) => claim)).toContain("busy");
});

it("follows a processor that was killed in the middle, and clears up behind it", async () => {
  const WORK_FOLDER = join(platform.database.folder, "shared-work");
  const first = await platform.processor({ ...slowly, WORK_FOLDER });
  const id = await platform.create(long);
  await platform.untilTranscoding();
  process.kill(first.process.pid, "SIGKILL");
  await first.process.ended;
  expect(platform.leftovers()).not.toEqual([]);
  expect(await platform.row(id)).toMatchObject({ status: "processing", attempts: 1 });
  await platform.processor({ WORK_FOLDER });
  expect(await platform.untilStatus(id, "ready")).toMatchObject({ attempts: 2 });
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expect(platform.told("ready")).toHaveLength(1);
});

it("releases what it can't finish in time after SIGTERM, and leaves no file", async () => {
  const first = await platform.processor({ ...slowly, STOP_SECONDS: "1", LEASE_SECONDS: "300" });
  const id = await platform.create(long);
  await platform.untilTranscoding();
  process.kill(first.process.pid, "SIGTERM");
  expect(await first.process.ended).toEqual({ code: 0, signal: null });
  expect(platform.leftovers()).toEqual([]);
  expect(platform.told("handed back")).toHaveLength(1);
  // Nothing waits for a lease or for the visibility timeout of five minutes.
  await platform.processor();
  expect(await platform.untilStatus(id, "ready")).toMatchObject({ attempts: 2 });
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expect(platform.told("ready")).toHaveLength(1);
});

it("finishes what it can after SIGTERM, and receives no more messages", async () => {
  const { process: running } = await platform.processor({ ...slowly, STOP_SECONDS: "60" });
  const id = await platform.create(long);
  await platform.untilTranscoding();
  process.kill(running.pid, "SIGTERM");
  const next = await platform.create(long);
  expect(await running.ended).toEqual({ code: 0, signal: null });
  expect(await platform.row(id)).toMatchObject({ status: "ready", attempts: 1 });
  expect(await platform.row(next)).toMatchObject({ status: "registered", attempts: 0 });
  await platform.untilWaiting({ queue: 1, dead: 0 });
});

it("continues without the cache, and publishes progress again once it recovers", async () => {
  const ids = await createMany();
  await platform.processor(slowly);
  await platform.untilTranscoding();
  await platform.stopCache();
  try {
    for (const id of ids) expect(await platform.untilStatus(id, "ready")).toMatchObject({ attempts: 1 });
    await platform.untilWaiting({ queue: 0, dead: 0 });
  } finally {
    await platform.startCache();
  }
  expect(platform.told("cache unavailable, requests are paused")).not.toEqual([]);
  expectOnce(ids.length);
  // The circuit breaker stays open for up to half a minute, longer after longer outages; then progress is reported
  // again.
  const short = clip({ size: "640x360", seconds: 1 });
  const tellsAgain = async () => {
    const next = await platform.create(short);
    await platform.untilStatus(next, "ready");
    return (await platform.progress(next))?.percent === 100;
  };
  await until("progress is told", tellsAgain);
});

it("waits for a database that is restarted, and loses nothing", async () => {
  const ids = await createMany();
  await platform.processor({ ...slowly, LEASE_SECONDS: "30" });
  await platform.untilTranscoding();
  await platform.database.stopServer();
  const refused = () => platform.told("the lease could not be renewed").length;
  await until("the database is missed", () => refused() >= 1);
  await platform.database.startServer();
  for (const id of ids) {
    expect(await platform.untilStatus(id, "ready")).toMatchObject({ attempts: 1, failure_reason: null });
  }
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expectOnce(ids.length);
});

it("bears S3 refusing everything for a while", async () => {
  await platform.processor(slowly);
  const id = await platform.create(long);
  await platform.untilTranscoding();
  platform.gate.closed = true;
  await until("S3 is asked again and again", () => platform.gate.refused > 10);
  expect((await platform.row(id)).status).toBe("processing");
  platform.gate.closed = false;
  expect(await platform.untilStatus(id, "ready")).toMatchObject({ attempts: 1 });
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expectOnce();
});
