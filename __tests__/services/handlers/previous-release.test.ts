import { randomUUID } from "node:crypto";
import { stopAll } from "../../../cli/start/stops";
import { migrate } from "../../../handlers/services/migrate";
import { readMigrations } from "../../../handlers/services/migrations";
import { databaseToken } from "../../../handlers/services/login-token";
import {
  Database,
  MediaStatuses,
  PostgresLeftovers,
  PostgresMediaRegistry,
  PostgresMediaRepository,
  release,
} from "./previous-release/release";
import { host, keys, migrationsFolder, region, startDatabase, type TestDatabase } from "./servers";

/**
 * The code of the release before the last migration, on the schema with all migrations: functions and processors of the
 * release before go on for minutes after a migration, and after a rollback for longer.
 */
const migrations = readMigrations(migrationsFolder);
const creator = "its-creator";
const quotas = { videos: 100, bytes: 1_000, minutes: 100 };
const HOUR_SECONDS = 3_600;

let server: TestDatabase;
let media: Database;
let processor: Database;
let registry: PostgresMediaRegistry;
let repository: PostgresMediaRepository;
let statuses: MediaStatuses;
let leftovers: PostgresLeftovers;

/** A connection of the release before, with the login and the rights of a user of this one. */
const open = (user: string) =>
  new Database({
    host,
    port: server.port,
    name: server.name,
    user,
    tls: { ca: server.ca },
    password: () => Promise.resolve(databaseToken({ host, port: server.port, user, region }, keys)),
    onLost: () => undefined,
  });

beforeAll(async () => {
  server = await startDatabase({ migrated: false });
  await migrate({ connection: server.connection, migrations, users: ["media", "processor"] });
  [media, processor] = [open("media"), open("processor")];
  registry = new PostgresMediaRegistry(media);
  repository = new PostgresMediaRepository(media);
  statuses = new MediaStatuses({ database: processor, patience: 0 });
  leftovers = new PostgresLeftovers(processor);
});
afterAll(() => stopAll([async () => media?.close(), async () => processor?.close(), () => server.stop()]));
beforeEach(() => server.admin().query("TRUNCATE media, deleted_media"));

async function add(title = "Old"): Promise<string> {
  const id = randomUUID();
  const text = { title, contentType: "video/mp4", description: "", visibility: "private" as const };
  const added = await registry.add(
    { id, ...text, sizeBytes: 7, owner: creator, uploadId: "upload", shareToken: null },
    quotas,
  );
  expect(added).toMatchObject({ id, title, status: "registered", visibility: "private", sizeBytes: 7 });
  return id;
}

const source = (id: string, version = "v1", sequencer = "1") => ({
  id,
  bucket: "uploads",
  key: `uploads/${id}/source`,
  version,
  versioned: true,
  etag: `etag of ${version}`,
  sequencer,
});

/** Claims a version of the source; returns the lease. */
async function claimed(id: string, version = "v1", messageId = "m1") {
  const lease = { id, owner: randomUUID() };
  const claim = { source: source(id, version), messageId, lease, missing: false, seconds: 60 };
  expect(await statuses.claim(claim)).toEqual({ kind: "claimed" });
  return lease;
}

const processed = (id: string) => ({
  playbackPath: `stream/${id}/run/`,
  width: 4,
  height: 2,
  durationSeconds: 90,
});

async function ready(id: string): Promise<void> {
  await registry.uploaded(id);
  expect(await statuses.ready(await claimed(id), processed(id))).toBe(true);
}

it("is recorded from the release before the last migration", () => {
  const expected = migrations.length - 1;
  if (release.migrations === expected) return;
  throw new Error(
    `previous-release/release.js has the code of commit ${release.commit}, which has ${release.migrations} migrations, ` +
      `and must have ${expected}: run \`node --import tsx __tests__/services/handlers/previous-release/record.ts\``,
  );
});

describe("the media function", () => {
  it("registers, finds and lists a media, and completes its upload twice", async () => {
    const id = await add();
    const expected = { owner: creator, status: "registered", uploadId: "upload", removing: false };
    expect(await registry.find(id)).toMatchObject({ ...expected, attempts: 0, sizeBytes: 7 });
    for (let turn = 0; turn < 2; turn++) await registry.uploaded(id);
    expect(await registry.find(id)).toMatchObject({ status: "uploaded", uploadId: null });
    expect(await repository.find(id)).toMatchObject({
      id,
      title: "Old",
      status: "uploaded",
      shareToken: null,
    });
    expect(await repository.listPublic({ limit: 5 })).toEqual([]);
    expect(await repository.listOwn({ limit: 5, owner: creator })).toMatchObject([{ id }]);
    expect(await repository.listOwn({ limit: 5, owner: creator, status: "ready" })).toEqual([]);
    expect(await repository.listOwn({ limit: 5, owner: "another" })).toEqual([]);
    await repository.check();
  });

  it("pages through a list", async () => {
    const ids = [await add("1"), await add("2"), await add("3")];
    const [newest] = await repository.listOwn({ limit: 1, owner: creator });
    expect(newest?.id).toBe(ids[2]);
    const after = { createdAt: newest?.createdAt ?? "", id: newest?.id ?? "" };
    const rest = await repository.listOwn({ limit: 5, owner: creator, after });
    expect(rest.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  });

  it("changes texts and visibility, with a link that is replaced and goes", async () => {
    const id = await add();
    await ready(id);
    const [first, second] = ["a".repeat(22), "b".repeat(22)];
    expect(await registry.change(id, { visibility: "unlisted", title: "New" }, first)).toBe(true);
    const unlisted = await repository.find(id);
    expect(unlisted).toMatchObject({ title: "New", visibility: "unlisted", shareToken: first });
    expect(await registry.share(id, second)).toBe(true);
    const shared = await repository.find(id);
    expect(shared).toMatchObject({ shareToken: second });
    expect(shared?.eventsKey).not.toBe(unlisted?.eventsKey);
    expect(await registry.change(id, { visibility: "public", description: "d" }, first)).toBe(true);
    expect(await repository.find(id)).toMatchObject({
      visibility: "public",
      shareToken: null,
      description: "d",
    });
    expect(await registry.share(id, first)).toBe(false);
    const listed = { id, playbackPath: `stream/${id}/run/`, durationSeconds: 90 };
    expect(await repository.listPublic({ limit: 5 })).toMatchObject([listed]);
  });

  it("aborts an upload, and leaves one that has arrived", async () => {
    const [aborted, arrived] = [await add(), await add()];
    await registry.aborted(aborted, { reason: "The upload was aborted." });
    expect(await repository.find(aborted)).toMatchObject({
      status: "failed",
      failureReason: "The upload was aborted.",
    });
    await registry.uploaded(arrived);
    await registry.aborted(arrived, { reason: "no" });
    expect(await registry.find(arrived)).toMatchObject({ status: "uploaded" });
  });

  it("retries what failed", async () => {
    const id = await add();
    await registry.uploaded(id);
    expect(await registry.retried(id)).toBeUndefined();
    const lease = await claimed(id);
    expect(await statuses.failed(lease, "It is none.")).toBe(true);
    expect(await registry.retried(id)).toBe("1");
    expect(await registry.find(id)).toMatchObject({ status: "uploaded", attempts: 1 });
    await claimed(id);
  });

  it("counts what a creator uploaded, and what was deleted since", async () => {
    const id = await add();
    await add();
    await ready(id);
    const usage = { videos: 2, bytes: 14, minutes: 1.5 };
    expect(await registry.usage(creator)).toEqual(usage);
    expect(await registry.hide(id)).toEqual({ inWork: false });
    expect(await repository.find(id)).toBeUndefined();
    expect(await registry.find(id)).toMatchObject({ removing: true });
    await registry.forget(id);
    expect(await registry.find(id)).toBeUndefined();
    expect(await registry.usage(creator)).toEqual(usage);
  });
});

describe("the processor", () => {
  it("keeps its lease, and loses it to a removal", async () => {
    const id = await add();
    await registry.uploaded(id);
    const lease = await claimed(id);
    expect(await statuses.renew(lease, 60)).toBe(true);
    expect(await statuses.confirm(lease, 60)).toBe(true);
    const other = { id, owner: randomUUID() };
    const busy = { source: source(id), messageId: "m2", lease: other, missing: false, seconds: 60 };
    expect(await statuses.claim(busy)).toMatchObject({ kind: "busy", sameMessage: false });
    expect(await statuses.renew(other, 60)).toBe(false);
    expect(await registry.hide(id)).toEqual({ inWork: true });
    expect(await statuses.renew(lease, 60)).toBe(false);
    await statuses.release(lease);
    expect(await registry.hide(id)).toEqual({ inWork: false });
  });

  it("releases a video, makes it ready, and reads that it is done", async () => {
    const id = await add();
    await registry.uploaded(id);
    await statuses.release(await claimed(id));
    const lease = await claimed(id);
    const notice = "The video ends after 18 of 20 seconds.";
    expect(await statuses.ready(lease, { ...processed(id), notice })).toBe(true);
    const shown = { status: "ready", width: 4, height: 2, durationSeconds: 90, failureReason: notice };
    expect(await repository.find(id)).toMatchObject(shown);
    expect(await statuses.find(id)).toMatchObject({ id, status: "ready", visibility: "private" });
    const again = { source: source(id), messageId: "m2", lease, missing: false, seconds: 60 };
    expect(await statuses.claim(again)).toEqual({ kind: "done" });
    // What this release adds is empty.
    const { rows } = await server.admin().query("SELECT download_bytes FROM media WHERE id = $1", [id]);
    expect(rows).toEqual([{ download_bytes: null }]);
  });

  it("gives up a video that a redriven message claims again, and fails one for good", async () => {
    const id = await add();
    await registry.uploaded(id);
    expect(await statuses.givenUp(await claimed(id), "interrupted")).toBe(true);
    const lease = await claimed(id);
    expect(await statuses.failed(lease, "It is none.")).toBe(true);
    const again = { source: source(id), messageId: "m1", lease, missing: false, seconds: 60 };
    expect(await statuses.claim(again)).toEqual({ kind: "hopeless" });
  });

  it("fails what was abandoned", async () => {
    const id = await add();
    await registry.uploaded(id);
    const lease = { id, owner: randomUUID() };
    await statuses.claim({ source: source(id), messageId: "m", lease, missing: false, seconds: -100 });
    expect(await statuses.failAbandoned(90, "interrupted")).toEqual([id]);
    expect(await statuses.find(id)).toMatchObject({ status: "failed", failureReason: "interrupted" });
  });

  it("sweeps what is left over", async () => {
    const [registered, lost, gone, removing] = [await add(), await add(), await add(), await add()];
    for (const id of [lost, gone]) await registry.uploaded(id);
    await registry.hide(removing);
    for (const id of [registered, lost, gone, removing]) await server.age(id, 200);
    const ages = {
      removingSeconds: HOUR_SECONDS / 4,
      uploadedSeconds: 6 * HOUR_SECONDS,
      registeredSeconds: 192 * HOUR_SECONDS,
      limit: 20,
    };
    const taken = new Map((await leftovers.take(ages)).map(({ id, kind }) => [id, kind]));
    expect(taken).toEqual(
      new Map([
        [registered, "registered"],
        [lost, "uploaded"],
        [gone, "uploaded"],
        [removing, "removing"],
      ]),
    );
    expect(await leftovers.take(ages)).toEqual([]);
    await leftovers.uploaded(registered);
    expect(await registry.find(registered)).toMatchObject({ status: "uploaded" });
    expect(await leftovers.fail(gone, "gone")).toBe(true);
    await leftovers.forget(removing);
    expect(await registry.find(removing)).toBeUndefined();
  });
});
