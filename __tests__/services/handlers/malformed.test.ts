import { randomUUID } from "node:crypto";
import type { Context } from "aws-lambda";
import fc from "fast-check";
import { Redis } from "ioredis";
import openapi from "../../../handlers/media/openapi.json";
import { httpHandler } from "../../../handlers/runtime/http";
import { createLog } from "../../../handlers/runtime/log";
import { Database } from "../../../handlers/services/database";
import { cacheToken, databaseToken } from "../../../handlers/services/login-token";
import { PostgresMediaRegistry } from "../../../handlers/services/media-registry";
import { PostgresMediaRepository } from "../../../handlers/services/media-repository";
import { RedisCache } from "../../../handlers/services/redis-cache";
import { TestCache } from "../../../harness/cache";
import { aWorld, creator, etagOf, PUBLIC_URL } from "../../handlers/media/world";
import { faultOf, operationOf } from "../../support/openapi";
import { requests } from "./generated-requests";
import { host, keys, region, startDatabase, type TestDatabase } from "./servers";

/** More take minutes: `GENERATED_REQUESTS=100000 npm run test:services -- __tests__/services/handlers/malformed.test.ts` */
const REQUESTS = Number(process.env.GENERATED_REQUESTS ?? 20_000);
/** Number of requests after which the data is reset. */
const FRESH = 250;
/** Videos that a creator may make in a day: some requests exceed it. */
const QUOTAS = { videos: 12, bytes: 2 ** 50, minutes: 1_000_000 };

const SHARE = "share-token-of-an-unlisted-video";
/** Bytes of a source of one part, and of three. */
const [ONE_PART, THREE_PARTS] = [1_000, 20 << 20];

/** Media in every status and visibility, and what only some of them have. */
const MEDIA = [
  { status: "registered", sizeBytes: THREE_PARTS },
  { status: "registered", allParts: true },
  { status: "registered", owner: "somebody-else" },
  { status: "registered", visibility: "unlisted", sizeBytes: THREE_PARTS },
  { status: "uploaded" },
  { status: "processing" },
  { status: "processing", busy: true },
  { status: "failed" },
  { status: "ready", visibility: "public" },
  { status: "ready", visibility: "public", owner: "somebody-else" },
  { status: "ready", visibility: "unlisted" },
  { status: "ready" },
].map((one, index) => ({
  id: `00000000-0000-4000-8000-00000000ab${index.toString(16).padStart(2, "0")}`,
  owner: creator,
  visibility: "private",
  sizeBytes: ONE_PART,
  busy: false,
  allParts: false,
  ...one,
}));

const log = createLog({ service: "test", environment: "dev", level: "ERROR" });
let server: TestDatabase;
let redis: TestCache;
let admin: Redis;
let database: Database;
let cache: RedisCache;
const lost: unknown[] = [];

beforeAll(async () => {
  server = await startDatabase({ migrated: true });
  redis = await TestCache.start(server);
  admin = new Redis(redis.administrator);
  const login = { host, port: server.port, user: "media" };
  database = new Database({
    ...login,
    name: server.name,
    tls: { ca: server.ca },
    password: () => Promise.resolve(databaseToken({ ...login, region }, keys)),
    onLost: (error) => lost.push(error),
  });
  const { CACHE_HOST, CACHE_PORT, CACHE_NAME: name, CACHE_USER: user } = redis.variables("media");
  cache = new RedisCache({
    host: CACHE_HOST,
    port: Number(CACHE_PORT),
    tls: { ca: server.ca },
    login: { user, password: () => Promise.resolve(cacheToken({ name, user, region }, keys)) },
    // A late answer of a busy machine would be a pause of the cache.
    patience: 10_000,
    onFailure: (error) => lost.push(error),
  });
});
afterAll(async () => {
  cache.close();
  await database.close();
  admin.disconnect();
  await redis.stop();
  await server.stop();
});

/** The function's handler with the data in PostgreSQL, an empty Redis, and S3 and the queue in memory. */
async function freshHandler() {
  await server.admin().query("TRUNCATE media, deleted_media");
  await admin.flushall();
  const world = aWorld([], {
    repository: new PostgresMediaRepository(database),
    registry: new PostgresMediaRegistry(database),
    cache,
    quotas: QUOTAS,
  });
  for (const { id, status, visibility, owner, sizeBytes, busy, allParts } of MEDIA) {
    const uploadId = status === "registered" ? `upload-of-${id}` : null;
    const isReady = status === "ready";
    await server.admin().query(
      `INSERT INTO media (id, title, content_type, size_bytes, status, visibility, owner, upload_id, failure_reason,
         duration_seconds, width, height, playback_path, share_token, leased_until, lease_owner)
       VALUES ($1, 'A title', 'video/mp4', $13, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12)`,
      [
        ...[id, status, visibility, owner, uploadId, status === "failed" ? "no video" : null],
        ...[isReady ? 21 : null, isReady ? 720 : null, isReady ? `stream/${id}/run/` : null],
        visibility === "unlisted" ? SHARE : null,
        ...(busy ? [new Date(Date.now() + 3_600_000), randomUUID()] : [null, null]),
        sizeBytes,
      ],
    );
    if (uploadId !== null) world.uploads.open.set(uploadId, { id, parts: new Map() });
    else world.uploads.sources.set(id, sizeBytes);
    if (allParts) world.uploads.put(`upload-of-${id}`, 1, sizeBytes, etagOf(1));
  }
  return { world, handler: httpHandler(() => ({ app: world.app, log })) };
}

const known = { ids: MEDIA.map(({ id }) => id), creator, share: SHARE, publicUrl: PUBLIC_URL };

test(`${REQUESTS} generated requests get no 5xx, and only answers that the API's description promises`, async () => {
  let { world, handler } = await freshHandler();
  const statuses = new Set<number>();
  const succeeded = new Set<string>();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(requests(known), async (event) => {
      if (++count % FRESH === 0) ({ world, handler } = await freshHandler());
      const { statusCode: status, body, multiValueHeaders = {} } = await handler(event, {} as Context);
      statuses.add(status);
      const failures = world.log.lines.filter(({ level }) => level === "error");
      if (failures.length > 0 || status >= 500)
        throw new Error(`${status}: ${JSON.stringify(failures)} ${body}`);
      const contentType = multiValueHeaders["content-type"]?.[0]?.toString();
      const fault = faultOf(event.httpMethod, event.path, { status, body, contentType });
      if (fault !== undefined) throw new Error(`${event.httpMethod} ${event.path}: ${fault}`);
      if (multiValueHeaders["x-request-id"]?.[0] !== event.requestContext.requestId) throw new Error("no id");
      const operation = operationOf(event.httpMethod, event.path);
      if (operation !== undefined && status < 300) succeeded.add(operation);
    }),
    { numRuns: REQUESTS },
  );
  expect(count).toBe(REQUESTS);
  expect(lost).toEqual([]);
  // Every answer is reachable, and every operation succeeds.
  const missing = [200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 413, 415, 429].filter(
    (status) => !statuses.has(status),
  );
  expect(missing).toEqual([]);
  const operations = Object.entries(openapi.paths).flatMap(([template, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${template}`),
  );
  expect(operations.filter((operation) => !succeeded.has(operation))).toEqual([]);
});
