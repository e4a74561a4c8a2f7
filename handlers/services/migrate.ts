import { Client, type ClientConfig, DatabaseError } from "pg";
import { grant } from "./grants";
import { labelOf, type Migration } from "./migrations";
import { retried } from "./retry";

export interface MigrateOptions {
  readonly connection: ClientConfig;
  readonly migrations: readonly Migration[];
  /** Database users that log in with IAM tokens. */
  readonly users: readonly string[];
  /** Tells what would be applied and changes nothing. */
  readonly dryRun?: boolean;
  /** Milliseconds for which a migration tries again to lock its tables; 300 000 by default. */
  readonly lockRetryMs?: number;
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
const ADVISORY_LOCK_ID = 7_302_026;
/** How long another run, or a transaction that holds a migration's tables, is waited for. */
const LOCK_RETRY_MS = 300_000;
/**
 * How long a migration waits for a lock before it lets go and tries again. Every later query of the table queues behind
 * the one that waits, so this is what the API can lose: it must be well below the 5 s after which its queries end.
 */
const TABLE_LOCK_TIMEOUT_MS = 1_000;
/** SQLSTATE lock_not_available. */
const LOCK_NOT_AVAILABLE_SQLSTATE = "55P03";

const CREATE_HISTORY_SQL = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

/**
 * Applies what is missing, each migration in a transaction of its own, while no other run does; then gives the users
 * their rights. A migration whose tables are in use tries again and lets others read and write in between. Throws when the database does not fit the migrations, or when one fails; those before it stay.
 */
export async function migrate({
  connection,
  migrations,
  users,
  dryRun = false,
  lockRetryMs = LOCK_RETRY_MS,
}: MigrateOptions): Promise<MigrateResult> {
  const client = new Client({ connectionTimeoutMillis: 10_000, lock_timeout: LOCK_RETRY_MS, ...connection });
  // What breaks an idle connection is told by the next query.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await lock(client);
    const count = await countApplied(client, migrations);
    const pending = migrations.slice(count);
    if (dryRun) return { applied: [], pending: pending.map(labelOf), version: count };
    await client.query(CREATE_HISTORY_SQL);
    for (const migration of pending) await applyWhenFree(client, migration, lockRetryMs);
    for (const user of users) await grant(client, user);
    return { applied: pending.map(labelOf), pending: [], version: migrations.length };
  } finally {
    await client.end();
  }
}

/** Held by the connection: it is free again when the run ends, however it ends. */
async function lock(client: Client): Promise<void> {
  try {
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK_ID]);
  } catch (error) {
    if (isLocked(error)) {
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

const isLocked = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE_SQLSTATE;

/** Throws a sentence that says what the migration failed on, and that it changed nothing. */
async function applyWhenFree(client: Client, migration: Migration, patience: number): Promise<void> {
  try {
    await retried(() => apply(client, migration), { patience, mayPass: isLocked });
  } catch (error) {
    const reason = isLocked(error)
      ? `a transaction has held its tables for ${patience / 1_000} s: end it (pg_stat_activity shows it), then run again`
      : error instanceof Error
        ? error.message
        : String(error);
    throw new Error(`migration ${labelOf(migration)} failed and changed nothing: ${reason}`, {
      cause: error,
    });
  }
}

async function apply(client: Client, migration: Migration): Promise<void> {
  const { version, name, sql, checksum } = migration;
  try {
    await client.query("BEGIN");
    // For this transaction only.
    await client.query("SELECT set_config('lock_timeout', $1, true)", [String(TABLE_LOCK_TIMEOUT_MS)]);
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
    throw error;
  }
}
