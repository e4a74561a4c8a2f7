import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool, QueryResultRow } from "pg";
import { readMigrations } from "../handlers/services/migrations";
import { migrate } from "../handlers/services/migrate";
import { startDatabaseFront } from "@packages/embedded-aws/database/front";
import { rdsLogins, superuserPool } from "@packages/embedded-aws/database/logins";
import { prepareDatabase } from "@packages/embedded-aws/database/prepare";
import { certificateAuthority, serverCertificate } from "@packages/embedded-aws/servers/certificates";
import { type PostgresServer, startPostgres } from "@packages/embedded-aws/servers/postgres";

/** Local host name, so that certificates are verified by name like on AWS. */
export const host = "localhost";
export const region = "us-east-1";
export const keys = {
  accessKeyId: "ASIAMEDIA",
  secretAccessKey: "secret-of-media",
  sessionToken: "session-of-media",
};
export const master = { user: "streamflow_admin", password: "password-of-master" };
export const migrationsFolder = join(__dirname, "../handlers/migrations");

/** A PostgreSQL with RDS's login rules: TLS, and an IAM token or the master's password. */
export interface TestDatabase {
  readonly port: number;
  readonly name: string;
  /** PEM. */
  readonly ca: string;
  readonly caFile: string;
  /** Connection of the migrations. */
  readonly connection: {
    host: string;
    port: number;
    database: string;
    user: string;
    password: string;
    ssl: { ca: string };
  };
  /** Folder of this test. */
  readonly folder: string;
  /** Superuser sessions without the front; new ones after a restart. */
  admin(): Pool;
  /** Runs a statement as superuser and returns its rows; has the signature of `Database`'s methods. */
  readonly query: <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** Makes the times of a media older. */
  age(id: string, hours: number): Promise<void>;
  certificateFor(name: string): Promise<{ key: string; cert: string }>;
  stopServer(): Promise<void>;
  /** Kills the server like a crash. */
  killServer(): Promise<void>;
  startServer(): Promise<void>;
  stop(): Promise<void>;
}

const DATABASE_NAME = "streamflow";

/** The server behind the front, which can be restarted. */
class Server {
  /** The front's endpoint, for which tokens are signed. */
  readonly endpoint = { host, port: 0, region };
  private running: PostgresServer | undefined;
  private pool: Pool | undefined;
  private logins: ReturnType<typeof rdsLogins> | undefined;

  constructor(private readonly folder: string) {}

  get postgres(): PostgresServer {
    if (this.running === undefined) throw new Error("the database server is stopped");
    return this.running;
  }

  get admin(): Pool {
    if (this.pool === undefined) throw new Error("the database server is stopped");
    return this.pool;
  }

  async start(): Promise<void> {
    const server = await startPostgres({
      folder: join(this.folder, "data"),
      log: join(this.folder, "postgres.log"),
    });
    this.running = server;
    await prepareDatabase(server, {
      resourceId: "db-TEST",
      name: DATABASE_NAME,
      masterUser: master.user,
    });
    this.pool = superuserPool(server, DATABASE_NAME);
    this.logins = rdsLogins({
      server,
      endpoint: this.endpoint,
      master: { user: master.user, password: () => Promise.resolve(master.password) },
      keyOf: (id) => (id === keys.accessKeyId ? keys : undefined),
    });
  }

  authenticate: ReturnType<typeof rdsLogins>["authenticate"] = (login) => {
    if (this.logins === undefined) throw new Error("the database server is stopped");
    return this.logins.authenticate(login);
  };

  async stop(): Promise<void> {
    await this.endSessions();
    await this.running?.stop();
  }

  async kill(): Promise<void> {
    await this.running?.kill();
    await this.endSessions();
  }

  private async endSessions(): Promise<void> {
    const { pool, logins } = this;
    this.pool = undefined;
    this.logins = undefined;
    await pool?.end();
    await logins?.close();
  }
}

/** Starts a database; with `migrated`, it has the tables and the user `media`. */
export async function startDatabase({ migrated }: { migrated: boolean }): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "handlers-"));
  const authority = await certificateAuthority(join(folder, "ca"));
  const server = new Server(folder);
  await server.start();
  const front = await startDatabaseFront({
    certificate: await serverCertificate(authority, host),
    server: {
      get socketFolder() {
        return server.postgres.socketFolder;
      },
      get port() {
        return server.postgres.port;
      },
    },
    log: join(folder, "front.log"),
    authenticate: server.authenticate,
  });
  server.endpoint.port = front.port;
  const ssl = { ca: authority.cert };
  const connection = { host, port: front.port, database: DATABASE_NAME, ...master, ssl };
  if (migrated) await migrate({ connection, migrations: readMigrations(migrationsFolder), users: ["media"] });
  const query = async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    (await server.admin.query<Row>(text, [...values])).rows;
  return {
    port: front.port,
    name: DATABASE_NAME,
    ca: authority.cert,
    caFile: authority.certFile,
    connection,
    folder,
    admin: () => server.admin,
    query,
    async age(id, hours) {
      const times = ["created_at", "updated_at", "removing_since", "leased_until"];
      const changes = times.map((time) => `${time} = ${time} - interval '${hours} hours'`);
      // A trigger would set `updated_at`. The statements are one transaction, so that a failure also undoes SET.
      await server.admin.query(
        `SET session_replication_role = replica;
         UPDATE media SET ${changes.join(", ")} WHERE id = '${id}';
         SET session_replication_role = DEFAULT`,
      );
    },
    certificateFor: (of) => serverCertificate(authority, of),
    startServer: () => server.start(),
    stopServer: () => server.stop(),
    killServer: () => server.kill(),
    async stop() {
      await front.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
