import { Pool } from "pg";
import type { PostgresServer } from "../servers/postgres";
import type { Login, Refusal } from "./front";
import { type AccessKey, accessKeyOf, tokenFault } from "../servers/iam-token";

export interface LoginOptions {
  readonly server: PostgresServer;
  /** Deployed endpoint of the database. */
  readonly endpoint: { readonly host: string; readonly port: number; readonly region: string };
  /** Master user and its password in Secrets Manager, read at each login because it rotates. */
  readonly master: { readonly user: string; readonly password: () => Promise<string> };
  readonly keyOf: (accessKeyId: string) => AccessKey | undefined;
  /** Why the owner of the access key may not `rds-db:connect` as that user; undefined if it may. */
  readonly permissionFault?: (accessKeyId: string, user: string) => Promise<string | undefined>;
}

/** A pool of superuser sessions on the server's UNIX socket. */
export function superuserPool(
  { socketFolder, port, user }: Pick<PostgresServer, "socketFolder" | "port" | "user">,
  database = "postgres",
): Pool {
  const pool = new Pool({ host: socketFolder, port, user, database, max: 2, allowExitOnIdle: true });
  pool.on("error", () => undefined);
  return pool;
}

/**
 * RDS's login rules: roles with `rds_iam` need an IAM token, the master its managed password. Call `close` before the
 * server stops.
 */
export function rdsLogins(options: LoginOptions): {
  readonly authenticate: (login: Login) => Promise<Refusal | undefined>;
  close(): Promise<void>;
} {
  const pool = superuserPool(options.server);
  async function holdsIam(user: string): Promise<boolean> {
    // USAGE, not MEMBER: the master may grant the role without holding it
    const sql =
      "SELECT 1 FROM pg_roles WHERE rolname = $1 AND NOT rolsuper AND pg_has_role(rolname, 'rds_iam', 'USAGE')";
    return (await pool.query(sql, [user])).rowCount === 1;
  }
  async function authenticate({ user, password }: Login): Promise<Refusal | undefined> {
    if (await holdsIam(user)) {
      const { host, port, region } = options.endpoint;
      const fault =
        tokenFault(password, { service: "rds-db", region, host: `${host}:${port}`, user }, options) ??
        (await options.permissionFault?.(accessKeyOf(password), user));
      const message = `PAM authentication failed for user "${user}"`;
      return fault === undefined ? undefined : { code: "28000", message, detail: fault };
    }
    if (user === options.master.user && password === (await options.master.password())) return undefined;
    return { code: "28P01", message: `password authentication failed for user "${user}"` };
  }
  return { authenticate, close: () => pool.end() };
}
