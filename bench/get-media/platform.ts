import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { encodeCursor } from "../../handlers/media/cursor";
import type { Position } from "../../handlers/media/media";
import { findRedis } from "@packages/embedded-aws/programs/redis";
import { freePort } from "@packages/embedded-aws/servers/ports";
import { type RedisServer, startRedis } from "@packages/embedded-aws/servers/redis";
import { host, startDatabase, type TestDatabase } from "../../harness/database";
import { queryOf } from "../paging/many-media";

/** The API's default page size. */
const PAGE_SIZE = 20;
/** Cache keys of a first page. */
const CACHE_KEYS = ["stamp", `public:${PAGE_SIZE}`].map((key) => `streamflow:v1:{lists}:${key}`);
/** Copies of these keys without expiry. */
export const KEPT_KEYS = ["bench:stamp", "bench:page"];

/** A database with media, and a Redis with TLS like ElastiCache. */
export interface GetPlatform {
  readonly database: TestDatabase;
  readonly redisPort: number;
  /** Cursor of the second page, which is never cached. */
  readonly cursor: string;
  /** The function's query for that page. */
  readonly query: { readonly text: string; readonly values: readonly unknown[] };
  /** Copies the function's cache entries; false if there are none yet. */
  keepPage(): Promise<boolean>;
  stop(): Promise<void>;
}

export async function startGetPlatform(): Promise<GetPlatform> {
  const found = await findRedis();
  if ("missing" in found) throw new Error(`there is no Redis: ${found.missing}`);
  const database = await startDatabase({ migrated: true });
  await database.admin().query(
    `INSERT INTO media (title, content_type, size_bytes, created_at, visibility, status, duration_seconds, width, height)
       SELECT 'Video ' || n, 'video/mp4', 1000000 + n, now() - n * interval '1 second', 'public', 'ready', 61.5, 1280, 720
       FROM generate_series(1, 1000) AS n`,
  );
  await database.admin().query("ANALYZE media");
  const redisPort = await freePort();
  const redis = await startTlsRedis(database, redisPort);
  const client = new Redis(redis.port, redis.host);
  const after = await lastOfFirstPage(database);
  return {
    database,
    redisPort,
    cursor: encodeCursor(after),
    query: await queryOf({ limit: PAGE_SIZE + 1, after }),
    async keepPage() {
      const [, page] = await client.mget(CACHE_KEYS);
      if (page) await client.set("bench:page", page);
      return Boolean(page);
    },
    async stop() {
      client.disconnect();
      await redis.stop();
      await database.stop();
    },
  };
}

async function startTlsRedis(database: TestDatabase, port: number): Promise<RedisServer> {
  const pair = await database.certificateFor(host);
  const [cert, key] = ["cert", "key"].map((name) => join(database.folder, `redis-${name}.pem`)) as [
    string,
    string,
  ];
  writeFileSync(cert, pair.cert);
  writeFileSync(key, pair.key, { mode: 0o600 });
  const redis = await startRedis({
    log: join(database.folder, "redis.log"),
    settings: {
      "tls-port": String(port),
      "tls-cert-file": cert,
      "tls-key-file": key,
      "tls-auth-clients": "no",
    },
  });
  if (redis === undefined) throw new Error("there is no Redis");
  return redis;
}

async function lastOfFirstPage(database: TestDatabase): Promise<Position> {
  const { rows } = await database.admin().query<Position>(
    `SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAt"
     FROM media ORDER BY media.created_at DESC, id DESC OFFSET $1 LIMIT 1`,
    [PAGE_SIZE - 1],
  );
  if (rows[0] === undefined) throw new Error("there is no media");
  return rows[0];
}
