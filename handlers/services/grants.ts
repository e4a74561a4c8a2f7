import { type Client, escapeIdentifier } from "pg";

/** Rights of application users: read and write rows. Ownership, DDL and TRUNCATE stay with the master. */
export const TABLE_GRANTS = {
  media: "SELECT, INSERT, UPDATE, DELETE",
  // A trigger of the table media writes it.
  deleted_media: "SELECT",
};

/** Creates the user without password if it does not exist, and grants its rights on the tables that exist; idempotent. */
export async function grant(client: Client, user: string): Promise<void> {
  const role = escapeIdentifier(user);
  const { rows } = await client.query<{ rolname: string }>(
    "SELECT rolname FROM pg_roles WHERE rolname IN ($1, 'rds_iam')",
    [user],
  );
  const known = rows.map(({ rolname }) => rolname);
  if (!known.includes(user)) await client.query(`CREATE USER ${role}`);
  // Members of this role can only log in with IAM tokens. It exists in RDS, but not in other PostgreSQL servers.
  if (known.includes("rds_iam")) await client.query(`GRANT rds_iam TO ${role}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
  const { rows: tables } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
  );
  for (const [table, rights] of Object.entries(TABLE_GRANTS)) {
    // Earlier migrations alone lack the tables of later ones.
    if (!tables.some(({ name }) => name === table)) continue;
    await client.query(`GRANT ${rights} ON ${escapeIdentifier(table)} TO ${role}`);
  }
}
