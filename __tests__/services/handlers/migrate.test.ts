import { randomUUID } from "node:crypto";
import { Client, type ClientConfig, type QueryResultRow } from "pg";
import type { Database, Statement } from "../../../handlers/services/database";
import { PostgresMediaRegistry } from "../../../handlers/services/media-registry";
import { PostgresMediaRepository } from "../../../handlers/services/media-repository";
import { MediaStatuses } from "../../../handlers/services/media-statuses";
import { databaseToken } from "../../../handlers/services/login-token";
import { inspect } from "../../../handlers/services/inspect";
import { migrate } from "../../../handlers/services/migrate";
import { TABLE_GRANTS } from "../../../handlers/services/grants";
import { labelOf, type Migration, readMigrations } from "../../../handlers/services/migrations";
import { expectNoFaults } from "../../support/faults";
import { host, keys, migrationsFolder, region, startDatabase, type TestDatabase } from "./servers";

const migrations = readMigrations(migrationsFolder);
/** Tables after all migrations. */
const TABLES = [...Object.keys(TABLE_GRANTS), "schema_migrations"].sort();
const labels = migrations.map(({ version, name }) => `${String(version).padStart(4, "0")}-${name}`);
/** The migration that `followedBy` adds. */
const extra = `${String(migrations.length + 1).padStart(4, "0")}-extra`;
const last = labels.at(-1) ?? "";
let server: TestDatabase;

beforeAll(async () => {
  server = await startDatabase({ migrated: false });
});
afterAll(() => server.stop());
beforeEach(async () => {
  const { rows } = await server.admin().query("SELECT 1 FROM pg_roles WHERE rolname = 'media'");
  if (rows.length > 0) await server.admin().query("DROP OWNED BY media; DROP ROLE media");
  await server.admin().query(`DROP TABLE IF EXISTS ${[...TABLES, "extra"].join(", ")} CASCADE`);
});

const run = (more: Partial<Parameters<typeof migrate>[0]> = {}) =>
  migrate({ connection: server.connection, migrations, users: ["media"], ...more });

/** The project's migrations and another one. */
function followedBy(sql: string, checksum = "c"): Migration[] {
  return [...migrations, { version: migrations.length + 1, name: "extra", sql, checksum }];
}

async function tables(): Promise<string[]> {
  const { rows } = await server
    .admin()
    .query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
  return rows.map(({ name }) => name);
}

it("applies everything to an empty database, and nothing the next time", async () => {
  expect(await run()).toEqual({ applied: labels, pending: [], version: labels.length });
  const ungranted = (await tables()).filter((table) => !TABLES.includes(table));
  expectNoFaults(ungranted.map((table) => `add ${table} to TABLE_GRANTS in handlers/services/grants.ts`));
  expect(await tables()).toEqual(TABLES);
  const { rows } = await server.admin().query("SELECT version, name, checksum FROM schema_migrations");
  expect(rows).toEqual(migrations.map(({ version, name, checksum }) => ({ version, name, checksum })));
  expect(await run()).toEqual({ applied: [], pending: [], version: labels.length });
});

describe("the programs before a migration, which a deployment runs after it has replaced them", () => {
  const owner = "its-creator";
  const client = () => {
    const query = async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await server.admin().query<Row>(text, [...values])).rows;
    const transaction = async (statements: readonly Statement[]) => {
      const results = [];
      for (const { text, values } of statements) results.push(await query(text, values));
      return results.at(-1) ?? [];
    };
    return { read: query, write: query, transaction } as unknown as Database;
  };
  /** Applies migrations up to a version, and adds a media. */
  const before = async (version: number): Promise<string> => {
    await run({ migrations: migrations.slice(0, version - 1) });
    const id = randomUUID();
    await server.admin().query(
      `INSERT INTO media (id, title, content_type, size_bytes, owner, status)
       VALUES ('${id}', 'old', 'video/mp4', 1, '${owner}', 'uploaded')`,
    );
    return id;
  };

  it("count what a creator has uploaded, before 0009 without what was deleted", async () => {
    await before(9);
    const usage = await new PostgresMediaRegistry(client()).usage(owner);
    expect(usage).toEqual({ videos: 1, bytes: 1, minutes: 0 });
  });

  it("make videos ready and show them, before 0010 without a download", async () => {
    const id = await before(10);
    const statuses = new MediaStatuses({ database: client() });
    const repository = new PostgresMediaRepository(client());
    const lease = { id, owner: randomUUID() };
    const source = { id, bucket: "b", key: "k", version: "v", versioned: true, etag: "e", sequencer: "1" };
    await statuses.claim({ source, messageId: "m", lease, missing: false, seconds: 60 });
    const processed = { playbackPath: `stream/${id}/r/`, width: 2, height: 2, durationSeconds: 1 };
    expect(await statuses.ready(lease, { ...processed, downloadBytes: 7 })).toBe(true);
    expect(await repository.find(id)).toMatchObject({ status: "ready", downloadBytes: null });
    await run();
    expect(await statuses.ready(lease, { ...processed, downloadBytes: 7 })).toBe(true);
    expect(await repository.find(id)).toMatchObject({ status: "ready", downloadBytes: 7 });
  });
});

it("keeps public what was there before videos had a visibility, and makes new ones private", async () => {
  await run({ migrations: migrations.slice(0, 5) });
  const add = (title: string) =>
    server
      .admin()
      .query("INSERT INTO media (title, content_type, size_bytes) VALUES ($1, 'video/mp4', 1)", [title]);
  await add("before");
  await run();
  await add("after");
  const { rows } = await server
    .admin()
    .query("SELECT title, visibility, share_token FROM media ORDER BY created_at");
  expect(rows).toEqual([
    { title: "before", visibility: "public", share_token: null },
    { title: "after", visibility: "private", share_token: null },
  ]);
});

it("applies only new migrations", async () => {
  await run();
  const more = followedBy("CREATE TABLE extra ()");
  expect(await run({ migrations: more })).toEqual({
    applied: [extra],
    pending: [],
    version: migrations.length + 1,
  });
});

it("lists in a dry run what it would apply, and changes nothing", async () => {
  expect(await run({ dryRun: true })).toEqual({ applied: [], pending: labels, version: 0 });
  expect(await tables()).toEqual([]);
  const { rows } = await server.admin().query("SELECT 1 FROM pg_roles WHERE rolname = 'media'");
  expect(rows).toEqual([]);
});

it("applies each migration once when ten runs start together", async () => {
  const results = await Promise.all(Array.from({ length: 10 }, () => run()));
  expect(results.flatMap(({ applied }) => applied)).toEqual(labels);
  expect(new Set(results.map(({ version }) => version))).toEqual(new Set([labels.length]));
});

/** Holds a read lock on the table, as a backup or a report does. Returns a function that releases it. */
async function longRead(): Promise<() => Promise<void>> {
  const reader = new Client(server.connection);
  await reader.connect();
  await reader.query("BEGIN; SELECT count(*) FROM media");
  return async () => {
    await reader.query("COMMIT");
    await reader.end();
  };
}

async function untilMigrationWaits(): Promise<void> {
  const waiting =
    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE media%'";
  while ((await server.admin().query(waiting)).rows.length === 0);
}

it("allows reads while it waits for a long transaction to alter a table, and finishes afterwards", async () => {
  await run();
  const endRead = await longRead();
  const altering = run({ migrations: followedBy("ALTER TABLE media ADD COLUMN extra text") });
  altering.catch(() => undefined);
  await untilMigrationWaits();
  // It queues behind the migration, which must release its lock although the long transaction is still open.
  await server.admin().query("SELECT count(*) FROM media");
  await endRead();
  expect(await altering).toMatchObject({ applied: [extra] });
});

it("fails with a message when a table stays locked", async () => {
  await run();
  const endRead = await longRead();
  const altering = run({ migrations: followedBy("ALTER TABLE media ADD COLUMN extra text"), lockRetryMs: 1 });
  await expect(altering).rejects.toThrow(
    `migration ${extra} failed and changed nothing: a transaction holds its tables for 0.001 s`,
  );
  await endRead();
  expect(await run()).toMatchObject({ applied: [] });
});

it("rolls back a failed migration, and keeps the previous ones", async () => {
  const failing = followedBy("CREATE TABLE extra (); SELECT 1 / 0");
  await expect(run({ migrations: failing })).rejects.toThrow(
    `migration ${extra} failed and changed nothing: division by zero`,
  );
  expect(await tables()).toEqual(TABLES);
  expect(await run({ migrations: followedBy("CREATE TABLE extra ()") })).toMatchObject({
    applied: [extra],
  });
});

it("rolls back a migration whose connection is lost", async () => {
  const disconnecting = followedBy("CREATE TABLE extra (); SELECT pg_terminate_backend(pg_backend_pid())");
  await expect(run({ migrations: disconnecting })).rejects.toThrow(`migration ${extra} failed`);
  expect(await tables()).toEqual(TABLES);
  expect(await run()).toMatchObject({ applied: [] });
});

it("fails when an applied migration was changed since, and applies nothing", async () => {
  await run();
  const changed = migrations.map((migration) => ({ ...migration, checksum: "other" }));
  const more = [...changed, ...followedBy("CREATE TABLE extra ()").slice(-1)];
  await expect(run({ migrations: more })).rejects.toThrow(
    "migration 0001-media was changed after it was applied: revert the change, and add a new migration",
  );
  expect(await tables()).not.toContain("extra");
});

it("leaves later migrations of a release that was reverted, and the reverted release can come again", async () => {
  const later = followedBy("CREATE TABLE later ()");
  await run({ migrations: later });
  expect(await run()).toEqual({ applied: [], pending: [], version: later.length });
  expect(await tables()).toContain("later");
  expect(await run({ migrations: later })).toEqual({ applied: [], pending: [], version: later.length });
});

it("fails when another migration follows in the place of a reverted one, until the file is back", async () => {
  const reverted = followedBy("SELECT 1");
  await run({ migrations: reverted });
  const another = { version: reverted.length, name: "another", sql: "CREATE TABLE extra ()", checksum: "d" };
  const place = labelOf(another);
  await expect(run({ migrations: [...migrations, another] })).rejects.toThrow(
    `the database has ${extra} of a reverted release in the place of ${place}: bring its file back, and use the next number`,
  );
  expect(await tables()).not.toContain("extra");
  const next = { ...another, version: reverted.length + 1 };
  expect(await run({ migrations: [...reverted, next] })).toMatchObject({ applied: [labelOf(next)] });
});

describe("a contracting migration", () => {
  const contracted = [
    ...followedBy("CREATE TABLE extra ()"),
    {
      version: migrations.length + 2,
      name: "contracted",
      sql: "DROP TABLE media",
      checksum: "d",
      contractsAfter: extra,
    },
  ];
  const label = `${String(contracted.length).padStart(4, "0")}-contracted`;

  it.each([{ dryRun: false }, { dryRun: true }])(
    "is refused in one run with the migration that it follows, which changes nothing: %j",
    async (mode) => {
      await run();
      const before = await tables();
      await expect(run({ migrations: contracted, ...mode })).rejects.toThrow(
        `migration ${label} takes away what the code before ${extra} uses, which still serves: first deploy a release with ${extra} and without ${label}`,
      );
      expect(await tables()).toEqual(before);
    },
  );

  it("is applied by a later run", async () => {
    await run({ migrations: contracted.slice(0, -1), users: [] });
    expect(await run({ migrations: contracted, users: [] })).toMatchObject({ applied: [label] });
  });

  it("is applied at once to a new database, and to a restored one", async () => {
    expect(await run({ migrations: contracted, users: [] })).toMatchObject({ version: contracted.length });
    await server
      .admin()
      .query(`DROP TABLE ${TABLES.filter((table) => table !== "media").join(", ")} CASCADE`);
    await server.admin().query("DROP TABLE extra");
    await run();
    expect(await run({ migrations: contracted, users: [], restored: true })).toMatchObject({
      applied: [extra, label],
    });
  });
});

it("fails when the database lacks a migration before others", async () => {
  await run({ migrations: followedBy("SELECT 1") });
  await server.admin().query("DELETE FROM schema_migrations WHERE version = $1", [migrations.length]);
  await expect(run({ migrations: followedBy("SELECT 1") })).rejects.toThrow(
    `the database has migration ${extra} but lacks ${last} before it`,
  );
});

it("fails with a message after a timeout when another run has the lock", async () => {
  const other = new Client(server.connection);
  await other.connect();
  try {
    await other.query("SELECT pg_advisory_lock(7302026)");
    const connection = { ...server.connection, lock_timeout: 200 };
    await expect(run({ connection })).rejects.toThrow("another run is still migrating");
  } finally {
    await other.end();
  }
  expect(await run()).toMatchObject({ applied: labels });
});

describe("inspected", () => {
  const asMedia = () => {
    const password = databaseToken({ host, port: server.port, user: "media", region }, keys);
    return { ...server.connection, user: "media", password };
  };

  it("returns the number of rows that the application can read", async () => {
    await run();
    await server
      .admin()
      .query(
        "INSERT INTO media (title, content_type, size_bytes) SELECT 'one', 'video/mp4', 1 FROM generate_series(1, 3)",
      );
    const { rows } = await inspect(asMedia());
    expect(rows).toMatchObject({ media: 3 });
    expect(Object.keys(rows).sort()).toEqual(Object.keys(TABLE_GRANTS).sort());
  });

  it("fails where there is nothing that it may read", async () => {
    await run();
    await server.admin().query(`DROP TABLE ${Object.keys(TABLE_GRANTS).join(", ")}`);
    await expect(inspect(asMedia())).rejects.toThrow("has no table that media may read");
  });
});

describe("a user", () => {
  async function asMedia<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
    const password = databaseToken({ host, port: server.port, user: "media", region }, keys);
    const client = new Client({ ...server.connection, user: "media", password });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  it("logs in with an IAM token, and reads and writes media", async () => {
    await run();
    await asMedia(async (client) => {
      await client.query("INSERT INTO media (title, content_type, size_bytes) VALUES ('x', 'video/mp4', 1)");
      await client.query("UPDATE media SET status = 'uploaded'");
      expect((await client.query("SELECT status FROM media")).rows).toEqual([{ status: "uploaded" }]);
      expect((await client.query("DELETE FROM media")).rowCount).toBe(1);
    });
  });

  it.each([
    "CREATE TABLE mine ()",
    "DROP TABLE media",
    "ALTER TABLE media ADD mine int",
    "TRUNCATE media",
    "SELECT * FROM schema_migrations",
    "CREATE ROLE mine",
    "GRANT SELECT ON media TO PUBLIC",
    "SELECT pg_read_file('/etc/passwd')",
  ])("may not: %s", async (sql) => {
    await run();
    const refused = asMedia((client) => client.query(sql));
    // In PostgreSQL, granting a privilege that one does not have is a warning and grants nothing.
    if (sql.startsWith("GRANT")) {
      await refused.catch(() => undefined);
      const { rows } = await server
        .admin()
        .query(
          "SELECT 1 FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC' AND table_name = 'media'",
        );
      expect(rows).toEqual([]);
    } else await expect(refused).rejects.toThrow(/permission denied|must be owner/);
  });

  it("is made once, and keeps its rights in further runs", async () => {
    await run();
    await run({ users: ["media", "processor"] });
    await run({ users: ["media", "processor"] });
    expect(await asMedia((client) => client.query("SELECT FROM media"))).toMatchObject({ rowCount: 0 });
    await server.admin().query("DROP OWNED BY processor; DROP ROLE processor");
  });

  it("is made by PostgreSQL servers without rds_iam too", async () => {
    // Directly to the database, because the front requires that role.
    const { host: socketFolder, port, user, database } = server.admin().options;
    const connection = { host: socketFolder, port, user, database } as ClientConfig;
    await server.admin().query("ALTER ROLE rds_iam RENAME TO rds_iam_away");
    try {
      await run({ connection });
      const { rows } = await server.admin().query("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'media'");
      expect(rows).toEqual([{ rolcanlogin: true }]);
    } finally {
      await server.admin().query("ALTER ROLE rds_iam_away RENAME TO rds_iam");
    }
  });
});
