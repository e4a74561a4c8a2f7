import { escapeIdentifier, escapeLiteral } from "pg";
import type { PostgresServer } from "../servers/postgres";
import { superuserPool } from "./logins";

export interface DatabaseIdentity {
  /** RDS's resource id `db-…`; a new id means a new, empty database. */
  readonly resourceId: string;
  readonly name: string;
  readonly masterUser: string;
}

const role = (name: string, options: string) => `
  DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(name)}) THEN
      CREATE ROLE ${escapeIdentifier(name)} ${options};
    END IF;
  END $$`;

/**
 * Sets up the server like a new RDS instance: roles `rds_superuser` and `rds_iam`, a master user that is not a
 * superuser but can grant them, and the initial database.
 */
export async function prepareDatabase(server: PostgresServer, identity: DatabaseIdentity): Promise<void> {
  const pool = superuserPool(server);
  const master = escapeIdentifier(identity.masterUser);
  const name = escapeIdentifier(identity.name);
  try {
    await pool.query(role("rds_superuser", "NOLOGIN"));
    await pool.query(role("rds_iam", "NOLOGIN"));
    await pool.query(role(identity.masterUser, "LOGIN CREATEROLE CREATEDB IN ROLE rds_superuser"));
    // before 16, CREATEROLE alone may grant any role
    if (server.binaries.version >= 16) {
      await pool.query(`GRANT rds_iam TO ${master} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
    }
    const found = await pool.query<{ resourceId: string | null }>(
      `SELECT shobj_description(oid, 'pg_database') AS "resourceId" FROM pg_database WHERE datname = $1`,
      [identity.name],
    );
    if (found.rows[0]?.resourceId === identity.resourceId) return;
    await pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await pool.query(`CREATE DATABASE ${name} OWNER ${master}`);
    await pool.query(`COMMENT ON DATABASE ${name} IS ${escapeLiteral(identity.resourceId)}`);
  } finally {
    await pool.end();
  }
}
