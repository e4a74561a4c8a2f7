import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool } from "pg";
import { readMigrations } from "../handlers/services/migrations";
import { migrate } from "../handlers/services/migrate";
import { startDatabaseFront } from "@packages/embedded-aws/database/front";
import { rdsLogins, superuserPool } from "@packages/embedded-aws/database/logins";
import { prepareDatabase } from "@packages/embedded-aws/database/prepare";
import { certificateAuthority, serverCertificate } from "@packages/embedded-aws/servers/certificates";
import { type PostgresServer, startPostgres } from "@packages/embedded-aws/servers/postgres";

/** A name that leads here, so that certificates can be verified as on AWS: by name. */
export const host = "localhost";
export const region = "us-east-1";
export const keys = {
  accessKeyId: "ASIAMEDIA",
  secretAccessKey: "secret-of-media",
  sessionToken: "session-of-media",
};
export const master = { user: "streamflow_admin", password: "password-of-master" };
export const migrationsFolder = join(__dirname, "../handlers/migrations");

/** A PostgreSQL that lets in whom RDS would: by TLS, with an IAM token or the master's password. */
export interface TestDatabase {
  readonly port: number;
  readonly name: string;
  /** PEM. */
  readonly ca: string;
  readonly caFile: string;
  /** What Migrations connect with. */
  readonly connection: {
    host: string;
    port: number;
    database: string;
    user: string;
    password: string;
    ssl: { ca: string };
  };
  /** Files of this test. */
  readonly folder: string;
  /** Superuser sessions, past the front; made anew after a restart. */
  admin(): Pool;
  certificateFor(name: string): Promise<{ key: string; cert: string }>;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one; with `migrated`, its tables and the user `media` are there. */
export async function startDatabase({ migrated }: { migrated: boolean }): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "handlers-"));
  const name = "streamflow";
  const log = join(folder, "front.log");
  const authority = await certificateAuthority(join(folder, "ca"));
  const current = {} as { server: PostgresServer; admin: Pool; logins: ReturnType<typeof rdsLogins> };
  const endpoint = { host, port: 0, region };

  async function startServer(): Promise<void> {
    const server = await startPostgres({ folder: join(folder, "data"), log: join(folder, "postgres.log") });
    current.server = server;
    await prepareDatabase(server, { resourceId: "db-TEST", name, masterUser: master.user });
    current.admin = superuserPool(server, name);
    current.logins = rdsLogins({
      server,
      endpoint,
      master: { user: master.user, password: () => Promise.resolve(master.password) },
      keyOf: (id) => (id === keys.accessKeyId ? keys : undefined),
    });
  }
  async function stopServer(): Promise<void> {
    await current.admin.end();
    await current.logins.close();
    await current.server.stop();
  }

  await startServer();
  const front = await startDatabaseFront({
    certificate: await serverCertificate(authority, host),
    server: {
      get socketFolder() {
        return current.server.socketFolder;
      },
      get port() {
        return current.server.port;
      },
    },
    log,
    authenticate: (login) => current.logins.authenticate(login),
  });
  endpoint.port = front.port;
  const ssl = { ca: authority.cert };
  const connection = { host, port: front.port, database: name, ...master, ssl };
  if (migrated) await migrate({ connection, migrations: readMigrations(migrationsFolder), users: ["media"] });
  return {
    port: front.port,
    name,
    ca: authority.cert,
    caFile: authority.certFile,
    connection,
    folder,
    admin: () => current.admin,
    certificateFor: (of) => serverCertificate(authority, of),
    startServer,
    stopServer,
    async stop() {
      await front.stop();
      await stopServer();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
