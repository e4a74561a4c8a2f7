import { startCacheFront } from "../cache/front";
import { CacheLogins } from "../cache/logins";
import type { AwsClientConfig } from "../client";
import { startDatabaseFront } from "../database/front";
import { rdsLogins } from "../database/logins";
import { prepareDatabase } from "../database/prepare";
import { type HostPorts } from "../lambda/execution-environment";
import type { RoleCredentials } from "../lambda/credentials";
import { type CertificateAuthority, serverCertificate } from "../servers/certificates";
import type { PostgresServer } from "../servers/postgres";
import type { RedisServer } from "../servers/redis";
import { type DeployedCache, type DeployedDatabase, deployedCaches, deployedDatabase } from "./endpoints";
import { masterPassword } from "./master-secret";

export interface DataPlaneOptions {
  readonly aws: AwsClientConfig;
  readonly authority: CertificateAuthority;
  readonly credentials: RoleCredentials;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer | undefined;
  readonly databaseIdentifier: string;
  /** Why a role may not connect; undefined if it may. */
  readonly connectFault: (role: string, asked: ConnectRequest) => Promise<string | undefined>;
  readonly accountId: string;
  /** Log file by name. */
  readonly log: (name: string) => string;
}

/** A login to a database or cache, as IAM sees it. */
export interface ConnectRequest {
  readonly action: "rds-db:connect" | "elasticache:Connect";
  /** ARN of a user or a cache. */
  readonly resource: string;
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
  const { aws, authority, credentials, postgres, log } = options;
  const database = await deployedDatabase(aws, options.databaseIdentifier);
  await prepareDatabase(postgres, database);
  const password = masterPassword(aws, database.secretArn);
  const logins = rdsLogins({
    server: postgres,
    endpoint: { ...database, region: aws.region },
    master: { user: database.masterUser, password },
    keyOf: (accessKeyId) => credentials.holder(accessKeyId),
    permissionFault: (accessKeyId, user) => {
      const place = `${aws.region}:${options.accountId}`;
      const resource = `arn:aws:rds-db:${place}:dbuser:${database.resourceId}/${user}`;
      return faultOf(options, accessKeyId, { action: "rds-db:connect", resource });
    },
  });
  const databaseFront = await startDatabaseFront({
    certificate: await serverCertificate(authority, database.host),
    server: postgres,
    authenticate: logins.authenticate,
    log: log("database-logins"),
  });
  const fronts: { stop(): Promise<void> }[] = [databaseFront];
  const stop = async (): Promise<void> => {
    await Promise.all(fronts.map((front) => front.stop()));
    await logins.close();
  };
  try {
    const cacheFronts: LocalCacheFront[] = [];
    for await (const front of startCacheFronts(options, await deployedCaches(aws))) {
      cacheFronts.push(front);
      fronts.push(front);
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

/** Why the role with an access key may not perform an action; undefined if it may. */
function faultOf(
  { credentials, connectFault }: Pick<DataPlaneOptions, "credentials" | "connectFault">,
  accessKeyId: string,
  asked: ConnectRequest,
): Promise<string | undefined> {
  return connectFault(credentials.holder(accessKeyId)?.role ?? "", asked);
}

interface LocalCacheFront {
  readonly host: string;
  readonly ports: Readonly<Record<number, number>>;
  stop(): Promise<void>;
}

/** The cache endpoints; without Redis they reject connections, like caches that are down. */
/** Starts the fronts of caches one after the other; the caller stops those that it has got. */
async function* startCacheFronts(
  options: DataPlaneOptions,
  caches: readonly DeployedCache[],
): AsyncGenerator<LocalCacheFront> {
  const { redis, authority, credentials, log } = options;
  const accounts = caches.map((cache) => ({
    endpoints: cache.endpoints,
    logins: new CacheLogins(cache, {
      keyOf: (accessKeyId) => credentials.holder(accessKeyId),
      permissionFault: (accessKeyId, resource) =>
        faultOf(options, accessKeyId, { action: "elasticache:Connect", resource }),
    }),
  }));
  await redis?.setUsers(accounts.flatMap(({ logins }) => logins.localUsers));
  for (const { endpoints, logins } of accounts) {
    for (const { host, port } of endpoints) {
      if (redis === undefined) {
        yield { host, ports: {}, stop: () => Promise.resolve() };
        continue;
      }
      const certificate = await serverCertificate(authority, host);
      const front = await startCacheFront({
        certificate,
        port: redis.port,
        logins,
        log: log("cache-logins"),
      });
      yield { host, ports: { [port]: front.port }, stop: () => front.stop() };
    }
  }
}
