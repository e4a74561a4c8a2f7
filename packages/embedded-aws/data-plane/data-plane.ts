import type { AwsClientConfig } from "../client";
import { startDatabaseFront } from "../database/front";
import { rdsLogins } from "../database/logins";
import { prepareDatabase } from "../database/prepare";
import { type HostPorts } from "../lambda/execution-environment";
import type { RoleCredentials } from "../lambda/credentials";
import { type CertificateAuthority, serverCertificate } from "../servers/certificates";
import type { PostgresServer } from "../servers/postgres";
import type { RedisServer } from "../servers/redis";
import { startTlsFront } from "../servers/tls-front";
import { type DeployedDatabase, deployedCaches, deployedDatabase, type Endpoint } from "./endpoints";
import { masterPassword } from "./master-secret";

export interface DataPlaneOptions {
  readonly aws: AwsClientConfig;
  readonly authority: CertificateAuthority;
  readonly credentials: RoleCredentials;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer | undefined;
  readonly databaseIdentifier: string;
  /** Why a role may not connect to a database as a user (an rds-db ARN); undefined if it may. */
  readonly connectFault: (role: string, resource: string) => Promise<string | undefined>;
  readonly accountId: string;
  /** Log file of rejected logins. */
  readonly log: string;
}

export interface DataPlane {
  /** Local ports of the deployed endpoints. */
  readonly hosts: HostPorts;
  readonly database: DeployedDatabase & {
    readonly localPort: number;
    readonly masterPassword: () => Promise<string>;
  };
  stop(): Promise<void>;
}

/** Starts real servers for the endpoints that the emulator only describes. */
export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const { aws, authority, credentials, postgres, redis, log } = options;
  const database = await deployedDatabase(aws, options.databaseIdentifier);
  await prepareDatabase(postgres, database);
  const password = masterPassword(aws, database.secretArn);
  const logins = rdsLogins({
    server: postgres,
    endpoint: { ...database, region: aws.region },
    master: { user: database.masterUser, password },
    keyOf: (accessKeyId) => credentials.holder(accessKeyId),
    permissionFault: async (accessKeyId, user) => {
      const role = credentials.holder(accessKeyId)?.role ?? "";
      const place = `${aws.region}:${options.accountId}`;
      return options.connectFault(role, `arn:aws:rds-db:${place}:dbuser:${database.resourceId}/${user}`);
    },
  });
  const databaseFront = await startDatabaseFront({
    certificate: await serverCertificate(authority, database.host),
    server: postgres,
    authenticate: logins.authenticate,
    log,
  });
  const fronts: { stop(): Promise<void> }[] = [databaseFront];
  const stop = async (): Promise<void> => {
    await Promise.all(fronts.map((front) => front.stop()));
    await logins.close();
  };
  try {
    const cacheFronts = [];
    for (const cache of await deployedCaches(aws)) {
      const front = await startCacheFront(cache, redis, authority);
      fronts.push(front);
      cacheFronts.push(front);
    }
    return {
      hosts: {
        ...Object.fromEntries(cacheFronts.map(({ host, ports }) => [host, ports])),
        [database.host]: { [database.port]: databaseFront.port },
      },
      database: { ...database, localPort: databaseFront.port, masterPassword: password },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The cache endpoint; without Redis it rejects connections, like a cache that is down. */
async function startCacheFront(
  { host, port }: Endpoint,
  redis: RedisServer | undefined,
  authority: CertificateAuthority,
) {
  if (!redis) return { host, ports: {}, stop: () => Promise.resolve() };
  const certificate = await serverCertificate(authority, host);
  const front = await startTlsFront({ certificate, port: redis.port });
  return { host, ports: { [port]: front.port }, stop: () => front.stop() };
}
