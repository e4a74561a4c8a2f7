import { Client, type ClientConfig, escapeIdentifier } from "pg";

/** Content of a database. */
export interface InspectResult {
  /** Number of rows per readable table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Timeout of a count in milliseconds. */
const COUNT_TIMEOUT_MS = 600_000;

/** Counts rows in a read-only transaction. Throws if there are no readable tables. */
export async function inspect(connection: ClientConfig): Promise<InspectResult> {
  const client = new Client({
    connectionTimeoutMillis: 10_000,
    statement_timeout: COUNT_TIMEOUT_MS,
    ...connection,
  });
  // Errors of idle connections are reported by the next query.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
       AND has_table_privilege(oid, 'SELECT') ORDER BY relname`,
    );
    if (tables.length === 0) {
      throw new Error(`the database on ${connection.host} has no table that ${connection.user} may read`);
    }
    const rows: Record<string, number> = {};
    for (const { name } of tables) {
      const { rows: counted } = await client.query<{ count: string }>(
        `SELECT count(*) AS count FROM public.${escapeIdentifier(name)}`,
      );
      rows[name] = Number(counted[0]?.count);
    }
    return { rows };
  } finally {
    await client.end();
  }
}

/**
 * Whether a host is an instance of the same account and region, by the common suffix of their names. Prevents callers
 * from connecting this function to other hosts.
 */
export function isBeside(host: string, { served }: { readonly served: string }): boolean {
  const domain = /\..+/.exec(served)?.[0];
  if (domain === undefined) return host === served;
  return host.endsWith(domain) && /^[a-z][a-z0-9-]{0,62}$/.test(host.slice(0, -domain.length));
}
