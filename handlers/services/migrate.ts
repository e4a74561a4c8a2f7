import { Client, type ClientConfig, DatabaseError } from "pg";
import { grant } from "./grants";
import { labelOf, type Migration } from "./migrations";

export interface MigrateOptions {
  readonly connection: ClientConfig;
  readonly migrations: readonly Migration[];
  /** Database users that log in with IAM tokens. */
  readonly users: readonly string[];
  /** Tells what would be applied and changes nothing. */
  readonly dryRun?: boolean;
}

/** Labels of migrations, such as `0001-media`. */
export interface MigrateResult {
  /** Applied by this run, in order. */
  readonly applied: readonly string[];
  /** Not applied yet: empty but for a dry run. */
  readonly pending: readonly string[];
  /** Version of the database afterwards: the number of its last migration, 0 when it has none. */
  readonly version: number;
}

/** Any number will do, as long as every run asks for the same lock. */
const LOCK = 7_302_026;
/** How long another run may take, in milliseconds. */
const PATIENCE = 300_000;
/** SQLSTATE of a lock that was not to be had in that time. */
const LOCK_TIMEOUT = "55P03";

const HISTORY = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

/**
 * Applies what is missing, each migration in a transaction of its own, while no other run does; then gives the users
 * their rights. Throws when the database does not fit the migrations, or when one fails; those before it stay.
 */
export async function migrate({
  connection,
  migrations,
  users,
  dryRun = false,
}: MigrateOptions): Promise<MigrateResult> {
  const client = new Client({ connectionTimeoutMillis: 10_000, lock_timeout: PATIENCE, ...connection });
  // What breaks an idle connection is told by the next query.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await lock(client);
    const count = await countApplied(client, migrations);
    const pending = migrations.slice(count);
    if (dryRun) return { applied: [], pending: pending.map(labelOf), version: count };
    await client.query(HISTORY);
    for (const migration of pending) await apply(client, migration);
    for (const user of users) await grant(client, user);
    return { applied: pending.map(labelOf), pending: [], version: migrations.length };
  } finally {
    await client.end();
  }
}

/** Held by the connection: it is free again when the run ends, however it ends. */
async function lock(client: Client): Promise<void> {
  try {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === LOCK_TIMEOUT) {
      throw new Error("another run is still migrating: wait for its end, then run again", { cause: error });
    }
    throw error;
  }
}

/** Throws unless what was applied is what the first migrations say today. */
async function countApplied(client: Client, migrations: readonly Migration[]): Promise<number> {
  const { rows: tables } = await client.query<{ found: string | null }>(
    "SELECT to_regclass('schema_migrations')::text AS found",
  );
  if (!tables[0]?.found) return 0;
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    "SELECT version, name, checksum FROM schema_migrations ORDER BY version",
  );
  rows.forEach((row, index) => {
    const migration = migrations[index];
    if (migration === undefined) {
      throw new Error(
        `the database has migration ${labelOf(row)}, which this release lacks: deploy a newer one`,
      );
    }
    if (row.version !== migration.version) {
      throw new Error(`the database has migration ${labelOf(row)} but lacks ${labelOf(migration)} before it`);
    }
    if (row.checksum !== migration.checksum) {
      throw new Error(
        `migration ${labelOf(migration)} was changed after it was applied: take that back, and add a new one`,
      );
    }
  });
  return rows.length;
}

async function apply(client: Client, migration: Migration): Promise<void> {
  const { version, name, sql, checksum } = migration;
  try {
    await client.query("BEGIN");
    await client.query(sql);
    await client.query("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)", [
      version,
      name,
      checksum,
    ]);
    await client.query("COMMIT");
  } catch (error) {
    // On a lost connection PostgreSQL rolls back by itself.
    await client.query("ROLLBACK").catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`migration ${labelOf(migration)} failed and changed nothing: ${reason}`, {
      cause: error,
    });
  }
}
