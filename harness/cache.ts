import { join } from "node:path";
import { accessString, CACHE_ACCESS, type CacheConsumer } from "../stacks/constructs/data/cache-users";
import { startCacheFront } from "@packages/embedded-aws/cache/front";
import { CacheLogins } from "@packages/embedded-aws/cache/logins";
import { freePort } from "@packages/embedded-aws/servers/ports";
import { type RedisServer, startRedis } from "@packages/embedded-aws/servers/redis";
import type { Front } from "@packages/embedded-aws/servers/tls-front";
import { host, keys, region, type TestDatabase } from "./database";

const CACHE_NAME = "streamflow-test-cache";
const ARN_PREFIX = `arn:aws:elasticache:${region}:111111111111`;

const userOf = (consumer: CacheConsumer): string => `${CACHE_NAME}-${consumer}`;

/** The deployed users of the stacks. */
const USERS = (Object.keys(CACHE_ACCESS) as CacheConsumer[]).map((consumer) => ({
  id: userOf(consumer),
  name: userOf(consumer),
  arn: `${ARN_PREFIX}:user:${userOf(consumer)}`,
  accessString: accessString(CACHE_ACCESS[consumer]),
  authentication: "iam" as const,
}));

interface ServerOptions {
  readonly port: number;
  readonly log: string;
  readonly logins: CacheLogins;
}

/** A Redis with ElastiCache's login rules and the stacks' users: TLS and an IAM token. It can be restarted. */
export class TestCache {
  private constructor(
    private readonly options: ServerOptions,
    private readonly front: Front,
    private running: RedisServer,
  ) {}

  static async start(database: Pick<TestDatabase, "folder" | "certificateFor">): Promise<TestCache> {
    const { folder } = database;
    const account = { name: CACHE_NAME, arn: `${ARN_PREFIX}:replicationgroup:${CACHE_NAME}`, region };
    const logins = new CacheLogins(
      { ...account, users: USERS },
      { keyOf: (id) => (id === keys.accessKeyId ? keys : undefined) },
    );
    const options = { port: await freePort(), log: join(folder, "redis.log"), logins };
    const server = await startServer(options);
    const front = await startCacheFront({
      certificate: await database.certificateFor(host),
      port: options.port,
      logins,
      log: join(folder, "cache-logins.log"),
    });
    return new TestCache(options, front, server);
  }

  /** Options of a client without restrictions, TLS and front. */
  get administrator() {
    return { host: this.running.host, port: this.options.port, ...this.running.administrator };
  }

  /** Environment of a consumer: where the cache is, and as whom to log in. */
  variables(consumer: CacheConsumer): Readonly<Record<`CACHE_${"HOST" | "PORT" | "NAME" | "USER"}`, string>> {
    return {
      CACHE_HOST: host,
      CACHE_PORT: String(this.front.port),
      CACHE_NAME,
      CACHE_USER: userOf(consumer),
    };
  }

  stopServer(): Promise<void> {
    return this.running.stop();
  }

  async startServer(): Promise<void> {
    this.running = await startServer(this.options);
  }

  async stop(): Promise<void> {
    await this.front.stop();
    await this.running.stop();
  }
}

async function startServer({ port, log, logins }: ServerOptions): Promise<RedisServer> {
  const server = await startRedis({ port, log });
  if (server === undefined) throw new Error("no Redis 7 is installed: apt-get install redis-tools");
  await server.setUsers(logins.localUsers);
  return server;
}
