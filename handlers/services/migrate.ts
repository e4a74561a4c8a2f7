import { Client, type ClientConfig, DatabaseError } from "pg";
import { grant } from "./grants";
import { labelOf, type Migration } from "./migrations";
import { retried } from "./retry";

export interface MigrateOptions {
  readonly connection: ClientConfig;
  readonly migrations: readonly Migration[];
  /** Database users that log in with IAM tokens. */
  readonly users: readonly string[];
  /** Return pending migrations without changes. */
  readonly dryRun?: boolean;
  /**
   * Whether the database was restored from before migrations whose release serves already. Then one run may apply a
   * contracting migration together with the one that it follows.
   */
  readonly restored?: boolean;
  /**
   * Milliseconds of retries to lock a migration's tables.
   * @default 300 000
   */
  readonly lockRetryMs?: number;
}

/** Labels of migrations, such as `0001-media`. */
export interface MigrateResult {
  /** Migrations applied by this run, in order. */
  readonly applied: readonly string[];
  /** Pending migrations; only set in a dry run. */
  readonly pending: readonly string[];
  /** Database version afterwards: number of the last migration, 0 without any. */
  readonly version: number;
}

/** Arbitrary number, the same in all runs. */
const ADVISORY_LOCK_ID = 7_302_026;
/** Milliseconds to wait for another run, or a transaction that holds a migration's tables. */
const LOCK_RETRY_MS = 300_000;
/**
 * Milliseconds that a migration waits for a table lock before it retries. Later queries queue behind it, so it must be
 * well below their timeout of 5 s.
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
 * Applies missing migrations, each in its own transaction, under a lock; then grants rights to the users. If tables are
 * in use, it retries and lets other queries run in between. Throws if the database does not match the migrations, if a
 * contracting migration is too early, or if one fails; earlier ones stay.
 */
export async function migrate({
  connection,
  migrations,
  users,
  dryRun = false,
  restored = false,
  lockRetryMs = LOCK_RETRY_MS,
}: MigrateOptions): Promise<MigrateResult> {
  const client = new Client({ connectionTimeoutMillis: 10_000, lock_timeout: LOCK_RETRY_MS, ...connection });
  // Errors of idle connections are reported by the next query.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await lock(client);
    const count = await countApplied(client, migrations);
    const pending = migrations.slice(count);
    // Nothing serves with an empty database, and with a restored one only code of after its migrations.
    if (count > 0 && !restored) refuseEarlyContraction(pending);
    if (dryRun) return { applied: [], pending: pending.map(labelOf), version: count };
    await client.query(CREATE_HISTORY_SQL);
    for (const migration of pending) await applyWhenFree(client, migration, lockRetryMs);
    for (const user of users) await grant(client, user);
    return { applied: pending.map(labelOf), pending: [], version: Math.max(count, migrations.length) };
  } finally {
    await client.end();
  }
}

/** Takes a lock that is released when the connection ends. */
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

/**
 * Counts applied migrations; throws if they differ from this release's. There may be later ones, after a release was
 * reverted: each migration leaves the release before it working.
 */
async function countApplied(client: Client, migrations: readonly Migration[]): Promise<number> {
  const { rows: tables } = await client.query<{ found: string | null }>(
    "SELECT to_regclass('schema_migrations')::text AS found",
  );
  if (!tables[0]?.found) return 0;
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    "SELECT version, name, checksum FROM schema_migrations ORDER BY version",
  );
  migrations.slice(0, rows.length).forEach((migration, index) => {
    const row = rows[index];
    if (row === undefined) return;
    if (row.version !== migration.version) {
      throw new Error(`the database has migration ${labelOf(row)} but lacks ${labelOf(migration)} before it`);
    }
    if (row.name !== migration.name) {
      throw new Error(
        `the database has ${labelOf(row)} of a reverted release in the place of ${labelOf(migration)}: bring its file back, and use the next number`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new Error(
        `migration ${labelOf(migration)} was changed after it was applied: revert the change, and add a new migration`,
      );
    }
  });
  return rows.length;
}

/**
 * Throws if pending migrations take away what code that serves may still use: the release before the migration that a
 * contracting one follows serves until the apply that runs both switches it.
 */
function refuseEarlyContraction(pending: readonly Migration[]): void {
  const labels = pending.map(labelOf);
  const early = pending.find(({ contractsAfter = "" }) => labels.includes(contractsAfter));
  if (early === undefined) return;
  throw new Error(
    `migration ${labelOf(early)} takes away what the code before ${early.contractsAfter} uses, which still serves: first deploy a release with ${early.contractsAfter} and without ${labelOf(early)}`,
  );
}

const isLocked = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE_SQLSTATE;

/** Applies a migration with retries. Throws an error with its cause; the migration changed nothing then. */
async function applyWhenFree(client: Client, migration: Migration, patience: number): Promise<void> {
  try {
    await retried(() => apply(client, migration), { patience, mayPass: isLocked });
  } catch (error) {
    const reason = isLocked(error)
      ? `a transaction holds its tables for ${patience / 1_000} s: end it (see pg_stat_activity), then run again`
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
    // Only for this transaction.
    await client.query("SELECT set_config('lock_timeout', $1, true)", [String(TABLE_LOCK_TIMEOUT_MS)]);
    await client.query(sql);
    await client.query("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)", [
      version,
      name,
      checksum,
    ]);
    await client.query("COMMIT");
  } catch (error) {
    // PostgreSQL rolls back when a connection is lost.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
