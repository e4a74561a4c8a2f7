import { type Client, escapeIdentifier } from "pg";

/** Rights of application users: read and write rows. Ownership, DDL and TRUNCATE stay with the master. */
export const TABLE_GRANTS = { media: "SELECT, INSERT, UPDATE, DELETE" };

/** Creates the user without password if it does not exist, and grants its rights; idempotent. */
export async function grant(client: Client, user: string): Promise<void> {
  const name = escapeIdentifier(user);
  const { rows } = await client.query<{ rolname: string }>(
    "SELECT rolname FROM pg_roles WHERE rolname IN ($1, 'rds_iam')",
    [user],
  );
  const known = rows.map(({ rolname }) => rolname);
  if (!known.includes(user)) await client.query(`CREATE USER ${name}`);
  // Members of this role can only log in with IAM tokens. It exists in RDS, but not in other PostgreSQL servers.
  if (known.includes("rds_iam")) await client.query(`GRANT rds_iam TO ${name}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${name}`);
  for (const [table, rights] of Object.entries(TABLE_GRANTS)) {
    await client.query(`GRANT ${rights} ON ${escapeIdentifier(table)} TO ${name}`);
  }
}
