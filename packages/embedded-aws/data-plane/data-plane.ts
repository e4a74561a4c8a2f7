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
import { type DeployedCache, deployedCaches, type DeployedDatabase, deployedDatabases } from "./endpoints";
import { masterPassword } from "./master-secret";

export interface DataPlaneOptions {
  readonly aws: AwsClientConfig;
  readonly authority: CertificateAuthority;
  readonly credentials: RoleCredentials;
  /** The server of a database instance; undefined where no database can be served. */
  readonly postgres: ((resourceId: string) => Promise<PostgresServer>) | undefined;
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

/** A local server in the place of a deployed endpoint. */
interface LocalFront {
  readonly host: string;
  readonly ports: Readonly<Record<number, number>>;
  stop(): Promise<void>;
}

/** The local port that a host had before; undefined for a new one. */
type EarlierPort = (host: string) => number | undefined;

/** What is deployed, as text, and its local fronts. */
interface Served {
  readonly text: string;
  readonly fronts: readonly LocalFront[];
}

/**
 * Real servers for the endpoints that the emulator only describes. They start and end with what is deployed. A host keeps
 * its local port, which processes know from their start.
 */
export class DataPlane {
  /** By the resource id of a database, or `caches`. */
  private readonly served = new Map<string, Served>();
  private readonly ports = new Map<string, number>();
  private last: Promise<HostPorts> = Promise.resolve({});

  constructor(private readonly options: DataPlaneOptions) {}

  /**
   * Starts what is deployed, ends what no longer is, and returns the local ports of the deployed endpoints. Throws if one
   * can't be served.
   */
  hosts(): Promise<HostPorts> {
    // One at a time; the next one tries again after a failure.
    this.last = this.last.catch(() => ({})).then(() => this.follow());
    return this.last;
  }

  async stop(): Promise<void> {
    await this.last.catch(() => undefined);
    await Promise.all([...this.served.keys()].map((name) => this.end(name)));
  }

  private async follow(): Promise<HostPorts> {
    const { options } = this;
    const earlier: EarlierPort = (host) => this.ports.get(host);
    const [databases, caches] = await Promise.all([
      deployedDatabases(options.aws),
      deployedCaches(options.aws),
    ]);
    const ids = databases.map(({ resourceId }) => resourceId);
    const gone = [...this.served.keys()].filter((name) => ![...ids, "caches"].includes(name));
    for (const name of gone) await this.end(name);
    for (const database of databases) {
      await this.serve(database.resourceId, database, async () => [
        await startDatabase(options, database, earlier),
      ]);
    }
    // All of them at once, because the server has one list of users.
    await this.serve("caches", caches, () => startCaches(options, caches, earlier));
    const fronts = [...this.served.values()].flatMap((one) => one.fronts);
    return Object.fromEntries(fronts.map(({ host, ports }) => [host, ports]));
  }

  /** Starts fronts, unless they are those of the same deployment. */
  private async serve(
    name: string,
    deployed: object,
    start: () => Promise<readonly LocalFront[]>,
  ): Promise<void> {
    const text = JSON.stringify(deployed);
    if (this.served.get(name)?.text === text) return;
    await this.end(name);
    const fronts = await start();
    this.served.set(name, { text, fronts });
    for (const { host, ports } of fronts) {
      for (const port of Object.values(ports)) this.ports.set(host, port);
    }
  }

  private async end(name: string): Promise<void> {
    const { fronts = [] } = this.served.get(name) ?? {};
    this.served.delete(name);
    await Promise.all(fronts.map((front) => front.stop()));
  }
}

async function startDatabase(
  options: DataPlaneOptions,
  database: DeployedDatabase,
  earlier: EarlierPort,
): Promise<LocalFront> {
  const { aws, authority, credentials, log, postgres } = options;
  if (postgres === undefined) {
    throw new Error(`the database ${database.identifier} can't be served without PostgreSQL`);
  }
  const server = await postgres(database.resourceId);
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
    at: earlier(database.host),
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

/** Starts the fronts of caches. Without Redis they have no port, like caches that are down. */
async function startCaches(
  options: DataPlaneOptions,
  caches: readonly DeployedCache[],
  earlier: EarlierPort,
): Promise<readonly LocalFront[]> {
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
  const fronts: LocalFront[] = [];
  try {
    for (const { endpoints, logins } of accounts) {
      for (const { host, port } of endpoints) {
        if (redis === undefined) {
          fronts.push({ host, ports: {}, stop: () => Promise.resolve() });
          continue;
        }
        const certificate = await serverCertificate(authority, host);
        const places = { at: earlier(host), port: redis.port };
        const front = await startCacheFront({ certificate, ...places, logins, log: log("cache-logins") });
        fronts.push({ host, ports: { [port]: front.port }, stop: () => front.stop() });
      }
    }
  } catch (error) {
    await Promise.all(fronts.map((front) => front.stop()));
    throw error;
  }
  return fronts;
}
