import { Client, type ClientConfig, escapeIdentifier } from "pg";
import type { Migration } from "./migrations";

export interface MigrateOptions {
  readonly connection: ClientConfig;
  readonly migrations: readonly Migration[];
  /** Database users that log in with IAM tokens. */
  readonly users: readonly string[];
  readonly dryRun?: boolean;
}

/** Names of migrations, such as `0001-media`. */
export interface MigrateResult {
  /** Applied now, or what would be in a dry run. */
  readonly applied: readonly string[];
  /** Version of the database afterwards. */
  readonly version: number;
}

/** Any number will do, as long as every run asks for the same lock. */
const LOCK = 7_302_026;

const HISTORY = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

/**
 * Applies what is missing, each migration in a transaction of its own, while no other run does.
 * Throws when an applied migration was changed since, or when one fails; those before it stay.
 */
export async function migrate({
  connection,
  migrations,
  users,
  dryRun = false,
}: MigrateOptions): Promise<MigrateResult> {
  const client = new Client({ ...connection, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // Held by the connection: it is free again when the run ends, however it ends.
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    const missing = await findMissing(client, migrations);
    if (!dryRun) {
      await client.query(HISTORY);
      for (const migration of missing) await apply(client, migration);
      for (const user of users) await allow(client, user);
    }
    return {
      applied: missing.map(label),
      version: dryRun ? migrations.length - missing.length : migrations.length,
    };
  } finally {
    await client.end();
  }
}

async function findMissing(client: Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows: tables } = await client.query<{ found: string | null }>(
    "SELECT to_regclass('schema_migrations')::text AS found",
  );
  if (!tables[0]?.found) return [...migrations];
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    "SELECT version, name, checksum FROM schema_migrations ORDER BY version",
  );
  for (const row of rows) {
    const migration = migrations.find(({ version }) => version === row.version);
    if (migration === undefined) {
      throw new Error(
        `the database is ahead: it has migration ${row.version} (${row.name}), which this release lacks`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new Error(
        `migration ${label(migration)} was changed after it was applied: write a new one instead`,
      );
    }
  }
  return migrations.filter(({ version }) => !rows.some((row) => row.version === version));
}

async function apply(client: Client, migration: Migration): Promise<void> {
  const { version, name, sql, checksum } = migration;
  await client.query("BEGIN");
  try {
    await client.query(sql);
    await client.query("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)", [
      version,
      name,
      checksum,
    ]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`migration ${label(migration)} failed and changed nothing: ${reason}`, { cause: error });
  }
}

/** A user without a password, who reads and writes rows and owns nothing. */
async function allow(client: Client, user: string): Promise<void> {
  const name = escapeIdentifier(user);
  const { rows } = await client.query<{ rolname: string }>(
    "SELECT rolname FROM pg_roles WHERE rolname IN ($1, 'rds_iam')",
    [user],
  );
  const known = rows.map(({ rolname }) => rolname);
  if (!known.includes(user)) await client.query(`CREATE USER ${name}`);
  // The role by which RDS knows who logs in with a token; only RDS has it.
  if (known.includes("rds_iam")) await client.query(`GRANT rds_iam TO ${name}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${name}`);
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON media TO ${name}`);
}

function label({ version, name }: Migration): string {
  return `${String(version).padStart(4, "0")}-${name}`;
}
