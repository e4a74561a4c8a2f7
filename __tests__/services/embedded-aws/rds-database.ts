import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Signer } from "@aws-sdk/rds-signer";
import { Client, type ClientConfig } from "pg";
import { startDatabaseFront } from "../../../packages/embedded-aws/database/front";
import { rdsLogins } from "../../../packages/embedded-aws/database/logins";
import { prepareDatabase } from "../../../packages/embedded-aws/database/prepare";
import { certificateAuthority, serverCertificate } from "../../../packages/embedded-aws/servers/certificates";
import { type PostgresServer, startPostgres } from "../../../packages/embedded-aws/servers/postgres";
import type { Front } from "../../../packages/embedded-aws/servers/tls-front";

export const host = "streamflow-dev.abcdefghijkl.us-east-1.rds.amazonaws.com";
export const identity = { resourceId: "db-ONE", name: "streamflow", masterUser: "streamflow_admin" };
const key = { secretAccessKey: "a secret", sessionToken: "a session" };
export const credentials = { accessKeyId: "ASIAMEDIA", ...key };
const region = "us-east-1";

type SignerOptions = ConstructorParameters<typeof Signer>[0];

/** An IAM token for the database; valid by default. */
export function token(username = "media", more: Partial<SignerOptions> = {}): Promise<string> {
  return new Signer({ hostname: host, port: 5432, region, username, credentials, ...more }).getAuthToken();
}

/** A new RDS database, and a role `media` that is a member of `rds_iam`. */
export class TestDatabase {
  masterPassword = "first";
  permissionFault: string | undefined;

  private constructor(
    readonly server: PostgresServer,
    readonly ca: string,
    readonly log: string,
  ) {}

  front!: Front;
  private logins!: ReturnType<typeof rdsLogins>;

  static async start(): Promise<TestDatabase> {
    const folder = mkdtempSync(join(tmpdir(), "rds-database-"));
    const server = await startPostgres({
      folder: join(folder, "postgres"),
      log: join(folder, "postgres.log"),
    });
    await prepareDatabase(server, identity);
    const authority = await certificateAuthority(join(folder, "ca"));
    const made = new TestDatabase(server, authority.cert, join(folder, "front.log"));
    made.logins = rdsLogins({
      server,
      endpoint: { host, port: 5432, region },
      master: { user: identity.masterUser, password: () => Promise.resolve(made.masterPassword) },
      keyOf: (id) => (id === credentials.accessKeyId ? key : undefined),
      permissionFault: () => Promise.resolve(made.permissionFault),
    });
    const { authenticate } = made.logins;
    const certificate = await serverCertificate(authority, host);
    made.front = await startDatabaseFront({ certificate, server, log: made.log, authenticate });
    await made.query(made.master, "CREATE ROLE media LOGIN; GRANT rds_iam TO media");
    return made;
  }

  get master(): ClientConfig {
    return { user: identity.masterUser, password: this.masterPassword };
  }

  client(config: ClientConfig): Client {
    const { port } = this.front;
    const ssl = { ca: this.ca, servername: host };
    return new Client({ host: "127.0.0.1", port, database: identity.name, ssl, ...config });
  }

  async query(config: ClientConfig, sql = "SELECT current_user, version()"): Promise<unknown> {
    const client = this.client(config);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.front.stop();
    await this.logins.close();
    await this.server.stop();
  }
}
