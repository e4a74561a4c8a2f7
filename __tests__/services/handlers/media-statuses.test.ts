import { randomUUID } from "node:crypto";
import { STATUSES, type Status } from "../../../handlers/media/media";
import type { SourceVersion } from "../../../handlers/processor/message";
import type { Lease } from "../../../handlers/processor/ports";
import { Database } from "../../../handlers/services/database";
import { databaseToken } from "../../../handlers/services/login-token";
import { PostgresMediaRegistry } from "../../../handlers/services/media-registry";
import { MediaStatuses } from "../../../handlers/services/media-statuses";
import { host, keys, region, startDatabase, type TestDatabase } from "./servers";

const legal: Readonly<Record<Status, readonly Status[]>> = {
  registered: ["uploaded", "processing", "failed"],
  uploaded: ["processing", "failed"],
  processing: ["ready", "failed"],
  ready: ["processing"],
  failed: ["uploaded", "processing"],
};
const processed = { playbackPath: "stream/x/y/", width: 4, height: 2, durationSeconds: 1.5 };
let server: TestDatabase;
let database: Database;
let statuses: MediaStatuses;

beforeAll(async () => {
  server = await startDatabase({ migrated: true });
  database = new Database({
    host,
    port: server.port,
    name: server.name,
    user: "media",
    tls: { ca: server.ca },
    connections: 4,
    password: () => Promise.resolve(databaseToken({ host, port: server.port, user: "media", region }, keys)),
    onLost: () => undefined,
  });
  statuses = new MediaStatuses({ database });
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

async function add(status: Status = "uploaded"): Promise<string> {
  const { rows } = await server
    .admin()
    .query<{ id: string }>(
      "INSERT INTO media (title, content_type, size_bytes, status) VALUES ('V', 'video/mp4', 1, $1) RETURNING id",
      [status],
    );
  return rows[0]?.id ?? "";
}

async function row(id: string): Promise<Record<string, unknown>> {
  const { rows } = await server
    .admin()
    .query<Record<string, unknown>>("SELECT * FROM media WHERE id = $1", [id]);
  return rows[0] ?? {};
}

function version(id: string, name = "v1", order = "1", etag = `etag of ${name}`): SourceVersion {
  const sequencer = order.padEnd(64, "0");
  return { id, bucket: "b", key: `uploads/${id}/source`, version: name, versioned: true, etag, sequencer };
}
const lease = (id: string) => ({ id, owner: randomUUID() });
const claim = (source: SourceVersion, lease: Lease, messageId = "m1", seconds = 60) =>
  statuses.claim({ source, messageId, lease, missing: false, seconds });

it.each(STATUSES.flatMap((from) => STATUSES.filter((to) => to !== from).map((to) => [from, to] as const)))(
  "has the database say whether a media may go from %s to %s",
  async (from, to) => {
    const id = await add(from);
    const before = (await row(id)).updated_at as Date;
    const change = server.admin().query("UPDATE media SET status = $2 WHERE id = $1", [id, to]);
    if (legal[from].includes(to)) {
      await change;
      expect(((await row(id)).updated_at as Date).getTime()).toBeGreaterThanOrEqual(before.getTime());
    } else {
      await expect(change).rejects.toMatchObject({ code: "23514", constraint: "media_status_order" });
    }
  },
);

it("leaves a ready media alone when a newer version of its source no longer exists", async () => {
  const id = await add();
  const first = lease(id);
  await claim(version(id), first);
  await statuses.ready(first, processed);
  const before = await row(id);
  const newer = { source: version(id, "v2", "2"), messageId: "m2", lease: lease(id), seconds: 60 };
  expect(await statuses.claim({ ...newer, missing: true })).toEqual({ kind: "done" });
  expect(await row(id)).toEqual(before);
  expect(await statuses.claim({ ...newer, missing: false })).toEqual({ kind: "claimed" });
});

it("fails a media whose only version no longer exists", async () => {
  const id = await add();
  const only = { source: version(id), messageId: "m1", lease: lease(id), seconds: 60 };
  expect(await statuses.claim({ ...only, missing: true })).toEqual({ kind: "claimed" });
});

it("gives a media to one of twenty concurrent processors", async () => {
  const id = await add();
  const claims = await Promise.all(Array.from({ length: 20 }, () => claim(version(id), lease(id))));
  expect(claims.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
  expect(claims.filter(({ kind }) => kind === "busy")).toHaveLength(19);
  expect(await row(id)).toMatchObject({ status: "processing", attempts: 1, source_version: "v1" });
});

it("returns how long another processor has it, and whether for the same message", async () => {
  const id = await add();
  await claim(version(id), lease(id), "m1", 30);
  const busy = await claim(version(id), lease(id), "m2");
  expect(busy).toMatchObject({ kind: "busy", sameMessage: false });
  expect(busy.kind === "busy" && busy.seconds).toBeCloseTo(30, -1);
  expect(await claim(version(id), lease(id), "m1")).toMatchObject({ kind: "busy", sameMessage: true });
});

it("gives a media to the next processor when the lease has expired, and rejects the previous one", async () => {
  const id = await add();
  const [first, second] = [lease(id), lease(id)];
  // A lease of zero seconds has expired when the next statement runs.
  await claim(version(id), first, "m1", 0);
  // No other processor has taken it, so the first may continue.
  expect(await statuses.renew(first, 0)).toBe(true);
  expect(await claim(version(id), second)).toEqual({ kind: "claimed" });
  expect(await statuses.renew(first, 60)).toBe(false);
  expect(await statuses.confirm(first, 60)).toBe(false);
  expect(await statuses.ready(first, processed)).toBe(false);
  expect(await statuses.failed(first, "no")).toBe(false);
  await statuses.release(first);
  expect(await statuses.ready(second, processed)).toBe(true);
  expect(await row(id)).toMatchObject({
    status: "ready",
    attempts: 2,
    width: 4,
    playback_path: "stream/x/y/",
  });
});

it("takes the lease from the processor of a media that is being removed, and lets it end", async () => {
  const id = await add();
  const mine = lease(id);
  await claim(version(id), mine);
  const registry = new PostgresMediaRegistry(database);
  expect(await registry.hide(id)).toEqual({ inWork: true });
  expect(await statuses.renew(mine, 60)).toBe(false);
  expect(await statuses.confirm(mine, 60)).toBe(false);
  expect(await statuses.ready(mine, processed)).toBe(false);
  await statuses.release(mine);
  expect(await registry.hide(id)).toEqual({ inWork: false });
  expect(await registry.hide(randomUUID())).toBeUndefined();
});

it("stores what is missing in a ready video, and forgets it when it is processed again", async () => {
  const id = await add();
  const notice = "The video ends after 18 of 20 seconds: the file was cut off or is damaged.";
  const mine = lease(id);
  await claim(version(id), mine);
  expect(await statuses.ready(mine, { ...processed, notice })).toBe(true);
  expect(await row(id)).toMatchObject({ status: "ready", failure_reason: notice });
  await claim(version(id, "v2", "2"), lease(id));
  expect(await row(id)).toMatchObject({ status: "processing", failure_reason: null });
});

it("stores the size of a download, and forgets it when there is none any more", async () => {
  const id = await add();
  const [one, two] = [lease(id), lease(id)];
  await claim(version(id), one);
  expect(await statuses.ready(one, { ...processed, downloadBytes: 9_000_000_000 })).toBe(true);
  expect(await row(id)).toMatchObject({ download_bytes: "9000000000" });
  await claim(version(id, "v2", "2"), two);
  expect(await statuses.ready(two, processed)).toBe(true);
  expect(await row(id)).toMatchObject({ download_bytes: null });
});

it("accepts the same result twice from the same processor", async () => {
  const [id, other] = [await add(), await add()];
  const [one, two] = [lease(id), lease(other)];
  await claim(version(id), one);
  expect(await statuses.ready(one, processed)).toBe(true);
  expect(await statuses.ready(one, processed)).toBe(true);
  await claim(version(other), two);
  expect(await statuses.failed(two, "no")).toBe(true);
  expect(await statuses.failed(two, "no")).toBe(true);
});

it("does not process a ready version again, processes a newer one, and never an older one", async () => {
  const id = await add();
  const owner = lease(id);
  await claim(version(id, "v2", "2"), owner);
  await statuses.ready(owner, processed);
  expect(await claim(version(id, "v2", "2"), lease(id), "m9")).toEqual({ kind: "done" });
  expect(await claim(version(id, "v1", "1"), lease(id))).toEqual({ kind: "done" });
  expect(await claim(version(id, "v3", "20001"), lease(id))).toEqual({ kind: "claimed" });
  expect(await row(id)).toMatchObject({ status: "processing", playback_path: null });
});

it("creates no new stream of a restored source, and identifies it by its new version afterwards", async () => {
  const id = await add();
  const owner = lease(id);
  const first = version(id, "v1", "1", "bytes");
  await claim(first, owner);
  await statuses.ready(owner, processed);
  const before = await row(id);
  expect(await claim(version(id, "v3", "3", "bytes"), lease(id), "m2")).toEqual({ kind: "done" });
  const sequencer = "3".padEnd(64, "0");
  const changed = { source_version: "v3", source_sequencer: sequencer, updated_at: expect.any(Date) };
  expect(await row(id)).toEqual({ ...before, ...changed });
  // The overwritten progress is reported later, or again.
  expect(await claim(version(id, "v2", "2", "others"), lease(id), "m3")).toEqual({ kind: "done" });
  expect(await claim(first, lease(id), "m4")).toEqual({ kind: "done" });
  expect(await claim(version(id, "v4", "4", "others"), lease(id), "m5")).toEqual({ kind: "claimed" });
});

it("processes a new version when the size of the old one is unknown", async () => {
  const id = await add();
  const owner = lease(id);
  await claim(version(id, "v1", "1", ""), owner);
  await statuses.ready(owner, processed);
  expect(await row(id)).toMatchObject({ source_etag: null });
  expect(await claim(version(id, "v2", "2", ""), lease(id), "m2")).toEqual({ kind: "claimed" });
});

it("does what failed again for another message, not for the same", async () => {
  const id = await add();
  const owner = lease(id);
  await claim(version(id), owner);
  await statuses.failed(owner, "It is none.");
  expect(await row(id)).toMatchObject({ status: "failed", failure_reason: "It is none." });
  expect(await claim(version(id), lease(id), "m1")).toEqual({ kind: "hopeless" });
  expect(await claim(version(id), lease(id), "m2")).toEqual({ kind: "claimed" });
  expect(await row(id)).toMatchObject({ status: "processing", failure_reason: null });
});

it("leases immediately what was released, and what was in processing before leases existed", async () => {
  const [id, old] = [await add(), await add("processing")];
  const owner = lease(id);
  await claim(version(id), owner);
  await statuses.release(owner);
  expect(await claim(version(id), lease(id))).toEqual({ kind: "claimed" });
  expect(await claim(version(old), lease(old))).toEqual({ kind: "claimed" });
});

it("finds no unknown media, and leases none", async () => {
  const id = randomUUID();
  expect(await claim(version(id), lease(id))).toEqual({ kind: "unknown" });
  expect(await statuses.find(id)).toBeUndefined();
});

it("fails a media that has had no lease for a while, and still lets the same message retry", async () => {
  const [id, busy] = [await add(), await add()];
  await claim(version(id), lease(id), "m1", -100);
  await claim(version(busy), lease(busy), "m2", 60);
  expect(await statuses.failAbandoned(200, "gone")).not.toContain(id);
  expect(await statuses.failAbandoned(90, "gone")).toEqual([id]);
  expect(await statuses.find(id)).toMatchObject({ status: "failed", failureReason: "gone" });
  expect((await statuses.find(busy))?.status).toBe("processing");
  expect(await claim(version(id), lease(id), "m1")).toEqual({ kind: "claimed" });
});
