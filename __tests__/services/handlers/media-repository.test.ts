import { randomUUID } from "node:crypto";
import { mediaApp } from "../../../handlers/media/app";
import type { Media, Status, Visibility } from "../../../handlers/media/media";
import { Database } from "../../../handlers/services/database";
import { databaseToken } from "../../../handlers/services/login-token";
import { PostgresMediaRegistry } from "../../../handlers/services/media-registry";
import { PostgresMediaRepository } from "../../../handlers/services/media-repository";
import { aWorld, creator } from "../../handlers/media/world";
import { asked } from "../../handlers/asked";
import { host, keys, region, startDatabase, type TestDatabase } from "./servers";

let server: TestDatabase;
let database: Database;
let repository: PostgresMediaRepository;

const NO_QUOTAS = { videos: 1_000_000, bytes: 2 ** 50, minutes: 1_000_000 };

const connect = () =>
  new Database({
    host,
    port: server.port,
    name: server.name,
    user: "media",
    tls: { ca: server.ca },
    password: () => Promise.resolve(databaseToken({ host, port: server.port, user: "media", region }, keys)),
    onLost: () => undefined,
  });

beforeAll(async () => {
  server = await startDatabase({ migrated: true });
  database = connect();
  repository = new PostgresMediaRepository(database);
});
afterAll(async () => {
  await database.close();
  await server.stop();
});
beforeEach(() => server.admin().query("TRUNCATE media, deleted_media"));

/** Adds rows with the given times, or the current time; returns their ids. */
async function add(count: number, status: Status = "ready", time?: string): Promise<string[]> {
  const { rows } = await server.admin().query<{ id: string }>(
    `INSERT INTO media (title, content_type, size_bytes, visibility, owner, status, created_at)
     SELECT 'Video ' || n, 'video/mp4', n, 'public', '${creator}', $2, coalesce($3::timestamptz, clock_timestamp())
     FROM generate_series(1, $1) AS n RETURNING id`,
    [count, status, time],
  );
  return rows.map(({ id }) => id);
}

it("returns every field unchanged", async () => {
  const id = randomUUID();
  await server.admin().query(
    `INSERT INTO media VALUES ($1, 'Título 😀', 'video/mp4', 5497558138880, 'failed', 'no video', 12.5,
       '2026-11-23T21:20:29.000007+02', '2026-11-23T21:20:30Z', 'sub-of-its-creator')`,
    [id],
  );
  const owner = "sub-of-its-creator";
  const expected: Media = {
    id,
    owner,
    title: "Título 😀",
    visibility: "private",
    contentType: "video/mp4",
    sizeBytes: 5_497_558_138_880,
    status: "failed",
    failureReason: "no video",
    failure: { code: "unknown", values: {} },
    durationSeconds: 12.5,
    width: null,
    height: null,
    createdAt: "2026-11-23T19:20:29.000007Z",
    updatedAt: "2026-11-23T21:20:30.000000Z",
  };
  const eventsKey: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(await repository.find(id)).toEqual({
    ...expected,
    description: "",
    playbackPath: null,
    downloadBytes: null,
    shareToken: null,
    eventsKey,
  });
  expect(await repository.listOwn({ limit: 5, owner })).toEqual([
    { ...expected, playbackPath: null, eventsKey },
  ]);
  expect(await repository.listPublic({ limit: 5 })).toEqual([]);
});

it("lists what is public and ready for everybody, and all of a creator's for the creator", async () => {
  await server.admin().query(
    `INSERT INTO media (title, content_type, size_bytes, owner, visibility, share_token, status)
     SELECT visibility || ' ' || status, 'video/mp4', 1, owner, visibility,
       CASE visibility WHEN 'unlisted' THEN repeat('s', 32) END, status
     FROM unnest(ARRAY['private', 'unlisted', 'public']) AS visibility,
       unnest(ARRAY['registered', 'uploaded', 'processing', 'ready', 'failed']) AS status,
       unnest(ARRAY['one', 'other']) AS owner`,
  );
  const shown = await repository.listPublic({ limit: 100 });
  expect(shown.map(({ title }) => title)).toEqual(["public ready", "public ready"]);
  const own = await repository.listOwn({ limit: 100, owner: "one" });
  expect([own.length, new Set(own.map(({ owner }) => owner))]).toEqual([15, new Set(["one"])]);
  const failed = await repository.listOwn({ limit: 100, owner: "one", status: "failed" });
  expect(failed.map(({ title }) => title).sort()).toEqual([
    "private failed",
    "public failed",
    "unlisted failed",
  ]);
});

it("counts what a creator has registered within 24 hours", async () => {
  await server.admin().query(
    `INSERT INTO media (title, content_type, size_bytes, owner, duration_seconds, created_at)
     VALUES ('a', 'video/mp4', 5, 'one', 90, now()), ('b', 'video/mp4', 7, 'one', NULL, now() - interval '23 hours'),
       ('c', 'video/mp4', 11, 'one', 60, now() - interval '25 hours'), ('d', 'video/mp4', 13, 'other', 60, now())`,
  );
  const registry = new PostgresMediaRegistry(database);
  expect(await registry.usage("one")).toEqual({ videos: 2, bytes: 12, minutes: 1.5 });
  expect(await registry.usage("nobody")).toEqual({ videos: 0, bytes: 0, minutes: 0 });
  // Deleting frees nothing, whoever does it.
  await database.write("DELETE FROM media WHERE title IN ('a', 'c')", []);
  await server.admin().query("DELETE FROM media WHERE title = 'b'");
  expect(await registry.usage("one")).toEqual({ videos: 2, bytes: 12, minutes: 1.5 });
  // The next deletion removes what is older than a day.
  await server.admin().query("UPDATE deleted_media SET created_at = created_at - interval '1 day'");
  await database.write("DELETE FROM media WHERE title = 'd'", []);
  await server.admin().query(
    `INSERT INTO media (id, title, content_type, size_bytes, owner)
     VALUES ('6b04b525-fcd0-4a6e-9787-a5b1a9048d30', 'e', 'video/mp4', 1, 'one')`,
  );
  await database.write("DELETE FROM media WHERE title = 'e'", []);
  expect(await registry.usage("one")).toEqual({ videos: 1, bytes: 1, minutes: 0 });
  await server.admin().query("REVOKE SELECT ON deleted_media FROM media");
  expect(await registry.usage("one")).toEqual({ videos: 0, bytes: 0, minutes: 0 });
  await server.admin().query("GRANT SELECT ON deleted_media TO media");
  const { rows } = await server.admin().query("SELECT owner FROM deleted_media ORDER BY owner");
  expect(rows).toEqual([{ owner: "one" }, { owner: "other" }]);
});

describe("20 uploads of one creator at once", () => {
  const upload = (owner: string) => ({
    id: randomUUID(),
    title: "x",
    contentType: "video/mp4",
    sizeBytes: 100,
    owner,
    uploadId: "u",
    description: "",
    visibility: "private" as const,
    shareToken: null,
  });

  it.each([
    ["videos", { videos: 7 }, 5],
    ["bytes", { bytes: 799 }, 5],
    ["minutes", { minutes: 1 }, 0],
  ])("don't exceed the quota of %s, with what is there and what was deleted", async (_, quota, most) => {
    await server.admin().query(
      `INSERT INTO media (title, content_type, size_bytes, owner, duration_seconds)
       VALUES ('a', 'video/mp4', 100, 'one', 30), ('b', 'video/mp4', 100, 'one', 30)`,
    );
    await database.write("DELETE FROM media WHERE title = 'b'", []);
    const quotas = { ...NO_QUOTAS, ...quota };
    // Each in a connection of its own, like the instances of the function.
    const instances = Array.from({ length: 20 }, () => connect());
    try {
      const added = await Promise.all(
        instances.map((instance) => new PostgresMediaRegistry(instance).add(upload("one"), quotas)),
      );
      expect(added.filter((media) => media !== undefined)).toHaveLength(most);
      const registry = new PostgresMediaRegistry(database);
      expect(await registry.usage("one")).toMatchObject({ videos: 2 + most });
      expect(await registry.add(upload("other"), quotas)).toMatchObject({ owner: "other" });
    } finally {
      await Promise.all(instances.map((instance) => instance.close()));
    }
  });

  it("leave nothing if one fails, and its connection is replaced", async () => {
    const pid = async () => (await database.read<{ pid: number }>("SELECT pg_backend_pid() AS pid"))[0]?.pid;
    const before = await pid();
    const registry = new PostgresMediaRegistry(database);
    await expect(registry.add({ ...upload("one"), sizeBytes: -1 }, NO_QUOTAS)).rejects.toMatchObject({
      code: "23514",
    });
    expect(await pid()).not.toBe(before);
    expect(await registry.add(upload("one"), NO_QUOTAS)).toMatchObject({ owner: "one" });
    expect(await registry.usage("one")).toMatchObject({ videos: 1, bytes: 100 });
  });
});

describe("a change", () => {
  const fields = { title: "x", contentType: "video/mp4", sizeBytes: 1, owner: creator, uploadId: "u" };
  const [tokenA, tokenB] = ["a".repeat(32), "b".repeat(32)];

  /** A registered media with its details, read anew by each call. */
  async function registered(visibility: Visibility) {
    const registry = new PostgresMediaRegistry(database);
    const id = randomUUID();
    const shareToken = visibility === "unlisted" ? tokenA : null;
    await registry.add({ ...fields, id, description: "d", visibility, shareToken }, NO_QUOTAS);
    const detail = async () => {
      const found = await repository.find(id);
      if (found === undefined) throw new Error("there is no such media");
      return found;
    };
    return { registry, id, detail };
  }

  it("of the title keeps everything else, also the tickets for its events", async () => {
    const { registry, id, detail } = await registered("unlisted");
    const before = await detail();
    expect(await registry.change(id, { title: "y" }, tokenB)).toBe(true);
    expect(await detail()).toEqual({ ...before, title: "y", updatedAt: expect.any(String) as unknown });
  });

  it("of the visibility gives and takes the token of the link, and ends the tickets for its events", async () => {
    const { registry, id, detail } = await registered("private");
    const keys = new Set([(await detail()).eventsKey]);
    for (const [visibility, shareToken] of [
      ["unlisted", tokenB],
      ["public", null],
      ["unlisted", tokenB],
      ["private", null],
    ] as const) {
      expect(await registry.change(id, { visibility }, tokenB)).toBe(true);
      const media = await detail();
      expect(media).toMatchObject({ visibility, shareToken });
      keys.add(media.eventsKey);
    }
    expect(keys.size).toBe(5);
  });

  it("to unlisted can be repeated without another link", async () => {
    const { registry, id, detail } = await registered("unlisted");
    await registry.change(id, { visibility: "unlisted" }, tokenB);
    expect(await detail()).toMatchObject({ shareToken: tokenA });
  });

  it("of the link is for unlisted media only", async () => {
    const one = await registered("unlisted");
    const { eventsKey } = await one.detail();
    expect(await one.registry.share(one.id, tokenB)).toBe(true);
    const renewed = await one.detail();
    expect(renewed).toMatchObject({ shareToken: tokenB });
    expect(renewed.eventsKey).not.toBe(eventsKey);
    const other = await registered("private");
    expect(await other.registry.share(other.id, tokenB)).toBe(false);
  });

  it("of a media that is being removed has no effect", async () => {
    const { registry, id } = await registered("unlisted");
    await registry.hide(id);
    expect(await registry.change(id, { title: "y" }, tokenB)).toBe(false);
    expect(await registry.share(id, tokenB)).toBe(false);
  });
});

it.each([
  ["'unlisted'", "NULL"],
  ["'private'", `'${"s".repeat(32)}'`],
  ["'public'", `'${"s".repeat(32)}'`],
  ["'unlisted'", "'short'"],
  ["'secret'", "NULL"],
])("the table rejects the visibility %s with the token %s", async (visibility, token) => {
  const sql = `INSERT INTO media (title, content_type, size_bytes, visibility, share_token)
    VALUES ('x', 'video/mp4', 1, ${visibility}, ${token})`;
  await expect(server.admin().query(sql)).rejects.toMatchObject({ code: "23514" });
});

it("finds nothing for an unknown id", async () => {
  expect(await repository.find(randomUUID())).toBeUndefined();
});

it("gives a new media an id, a time and the status registered", async () => {
  const began = Date.now();
  const { rows } = await server
    .admin()
    .query<{ id: string }>(
      "INSERT INTO media (title, content_type, size_bytes) VALUES ('x', 'video/mp4', 1) RETURNING id",
    );
  const ended = Date.now();
  const media = await repository.find(rows[0]?.id ?? "");
  expect(media).toMatchObject({ status: "registered", failureReason: null, durationSeconds: null });
  // The database stores microseconds; this clock has milliseconds.
  expect(Date.parse(media?.createdAt ?? "")).toBeGreaterThanOrEqual(began);
  expect(Date.parse(media?.createdAt ?? "")).toBeLessThanOrEqual(ended);
});

it.each([
  ["title", "''"],
  ["title", "repeat('x', 201)"],
  ["content_type", "''"],
  ["size_bytes", "0"],
  ["status", "'gone'"],
  ["failure_reason", "'but it is registered'"],
  ["duration_seconds", "-1"],
])("the table rejects a %s of %s", async (column, value) => {
  const columns = { title: "'x'", content_type: "'video/mp4'", size_bytes: "1", [column]: value };
  const sql = `INSERT INTO media (${Object.keys(columns).join()}) VALUES (${Object.values(columns).join()})`;
  await expect(server.admin().query(sql)).rejects.toMatchObject({ code: "23514" });
});

describe("paging", () => {
  /** All ids from the API's pages; `between` runs after each page. */
  async function page(query: string, between: () => Promise<unknown> = () => Promise.resolve()) {
    const app = mediaApp({ ...aWorld().dependencies, repository });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const path = `${query}${cursor === undefined ? "" : `&cursor=${cursor}`}`;
      const answer = await asked(app, path, {}, { requestId: randomUUID(), caller: creator });
      expect(answer.status).toBe(200);
      const body = (await answer.json()) as { items: { id: string }[]; nextCursor?: string };
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
      await between();
    } while (cursor !== undefined);
    return seen;
  }

  it.each([
    ["with its indexes", "on"],
    ["without", "off"],
  ])("lists every media once, also those of the same microsecond, %s", async (_, indexes) => {
    for (const kind of ["indexscan", "bitmapscan", "indexonlyscan"]) {
      await server.admin().query(`ALTER ROLE media SET enable_${kind} = ${indexes}`);
    }
    await server
      .admin()
      .query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'media'");
    const ids = [
      ...(await add(25, "ready", "2026-01-01T00:00:00.000001Z")),
      ...(await add(25, "ready", "2026-01-01T00:00:00.000002Z")),
      ...(await add(25, "ready", "2026-01-01T00:00:00.0009995Z")),
    ];
    for (const limit of [1, 7, 25, 74, 75, 100]) {
      const seen = await page(`/media?limit=${limit}`);
      expect(seen).toHaveLength(75);
      expect(new Set(seen)).toEqual(new Set(ids));
    }
  });

  it.each(["/media?limit=9", "/me/media?limit=9", "/me/media?limit=9&status=ready"])(
    "with %s shows every old media once while others add, change and remove newer ones",
    async (query) => {
      const old = await add(100);
      let writing = true;
      const writer = (async () => {
        const newer: string[] = [];
        while (writing) {
          newer.push(...(await add(3)), ...(await add(2, "failed")));
          await server.admin().query("UPDATE media SET updated_at = now() WHERE id = $1", [newer[0]]);
          await server.admin().query("DELETE FROM media WHERE id = $1", [newer.shift()]);
        }
      })();
      try {
        const wait = () => new Promise((resolve) => setTimeout(resolve, 5));
        const seen = await page(query, wait);
        expect(seen.length).toBe(new Set(seen).size);
        expect(seen.filter((id) => old.includes(id)).sort()).toEqual([...old].sort());
      } finally {
        writing = false;
        await writer;
      }
    },
  );

  it("skips only what was removed", async () => {
    const old = await add(30);
    let removed: string | undefined;
    const seen = await page("/media?limit=10", async () => {
      // The last row before the next page.
      removed ??= old[20];
      await server.admin().query("DELETE FROM media WHERE id = $1", [removed]);
    });
    expect(seen.sort()).toEqual([...old].sort());
  });

  it.each([
    ["of everybody's", {}, "media_newest_public"],
    ["of a creator's", { owner: creator }, "media_newest_by_owner"],
    ["of a creator's by status", { owner: creator, status: "ready" }, "media_newest_by_owner_and_status"],
  ] as const)("%s media reads a deep page by its index, and only that page", async (_, filter, index) => {
    await add(5_000, "ready", "2026-01-01T00:00:00Z");
    await add(5_000, "processing");
    // Most media are others'.
    await server.admin().query("UPDATE media SET owner = 'of ' || id WHERE size_bytes > 50");
    await server.admin().query("ANALYZE media");
    const plan: string[] = [];
    const explained = {
      read: async (text: string, values: unknown[]) => {
        const { rows } = await server.admin().query(`EXPLAIN ANALYZE ${text}`, values);
        plan.push(...rows.map((row: Record<string, string>) => row["QUERY PLAN"] ?? ""));
        return [];
      },
    } as unknown as Database;
    const after = { createdAt: "2100-01-01T00:00:00.000000Z", id: randomUUID() };
    const deep = new PostgresMediaRepository(explained);
    const page = { limit: 20, after };
    await ("owner" in filter ? deep.listOwn({ ...page, ...filter }) : deep.listPublic(page));
    expect(plan.join("\n")).toMatch(new RegExp(`Index Scan using ${index} .* rows=20`));
    expect(plan.join("\n")).not.toMatch(/Sort|Seq Scan/);
  });
});
