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
import { type DeployedCache, deployedCaches, deployedDatabase } from "./endpoints";
import { masterPassword } from "./master-secret";

export interface DataPlaneOptions {
  readonly aws: AwsClientConfig;
  readonly authority: CertificateAuthority;
  readonly credentials: RoleCredentials;
  /** The database instance and the server behind it; undefined if the stack has none. */
  readonly database: { readonly identifier: string; readonly server: PostgresServer } | undefined;
  readonly redis: RedisServer | undefined;
  /** Why a role may not connect; undefined if it may. */
  readonly connectFault: (role: string, request: ConnectRequest) => Promise<string | undefined>;
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
  stop(): Promise<void>;
}

/** Starts real servers for the endpoints that the emulator only describes. */
export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const fronts: LocalFront[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(fronts.map((front) => front.stop()));
  };
  try {
    if (options.database !== undefined) fronts.push(await startDatabase(options, options.database));
    for await (const front of startCacheFronts(options, await deployedCaches(options.aws))) {
      fronts.push(front);
    }
    return { hosts: Object.fromEntries(fronts.map(({ host, ports }) => [host, ports])), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A local server in the place of a deployed endpoint. */
interface LocalFront {
  readonly host: string;
  readonly ports: Readonly<Record<number, number>>;
  stop(): Promise<void>;
}

async function startDatabase(
  options: DataPlaneOptions,
  { identifier, server }: NonNullable<DataPlaneOptions["database"]>,
): Promise<LocalFront> {
  const { aws, authority, credentials, log } = options;
  const database = await deployedDatabase(aws, identifier);
  await prepareDatabase(server, database);
  const logins = rdsLogins({
    server,
    endpoint: { ...database, region: aws.region },
    master: { user: database.masterUser, password: masterPassword(aws, database.secretArn) },
    keyOf: (accessKeyId) => credentials.holder(accessKeyId),
    permissionFault: (accessKeyId, user) => {
      const place = `${aws.region}:${options.accountId}`;
      const resource = `arn:aws:rds-db:${place}:dbuser:${database.resourceId}/${user}`;
      return faultOf(options, accessKeyId, { action: "rds-db:connect", resource });
    },
  });
  const front = await startDatabaseFront({
    certificate: await serverCertificate(authority, database.host),
    server,
    authenticate: logins.authenticate,
    log: log("database-logins"),
  });
  const stop = async (): Promise<void> => {
    await front.stop();
    await logins.close();
  };
  return { host: database.host, ports: { [database.port]: front.port }, stop };
}

/** Why the role with an access key may not perform an action; undefined if it may. */
function faultOf(
  { credentials, connectFault }: Pick<DataPlaneOptions, "credentials" | "connectFault">,
  accessKeyId: string,
  request: ConnectRequest,
): Promise<string | undefined> {
  return connectFault(credentials.holder(accessKeyId)?.role ?? "", request);
}

/**
 * Starts the fronts of caches one after the other; the caller stops those that it has got. Without Redis they have no
 * port, like caches that are down.
 */
async function* startCacheFronts(
  options: DataPlaneOptions,
  caches: readonly DeployedCache[],
): AsyncGenerator<LocalFront> {
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
