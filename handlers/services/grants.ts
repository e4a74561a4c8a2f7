import { type Client, escapeIdentifier } from "pg";

/** What a user of the application may do with each table. Owning, altering and emptying stay with the master. */
export const TABLE_GRANTS = { media: "SELECT, INSERT, UPDATE, DELETE" };

/** Makes the user when there is none, without a password, and gives it its rights; safe to do again. */
export async function grant(client: Client, user: string): Promise<void> {
  const name = escapeIdentifier(user);
  const { rows } = await client.query<{ rolname: string }>(
    "SELECT rolname FROM pg_roles WHERE rolname IN ($1, 'rds_iam')",
    [user],
  );
  const known = rows.map(({ rolname }) => rolname);
  if (!known.includes(user)) await client.query(`CREATE USER ${name}`);
  // Whoever holds this role logs in with an IAM token and with nothing else. RDS has it, a PostgreSQL of one's own not.
  if (known.includes("rds_iam")) await client.query(`GRANT rds_iam TO ${name}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${name}`);
  for (const [table, rights] of Object.entries(TABLE_GRANTS)) {
    await client.query(`GRANT ${rights} ON ${escapeIdentifier(table)} TO ${name}`);
  }
}
