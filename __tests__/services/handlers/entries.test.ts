import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { APIGatewayProxyResult } from "aws-lambda";
import { Redis } from "ioredis";
import type { MediaEnvironment } from "../../../handlers/media";
import type { MigrateEnvironment } from "../../../handlers/migrate";
import { databaseToken } from "../../../handlers/services/login-token";
import { labelOf, readMigrations } from "../../../handlers/services/migrations";
import { TestCache } from "../../../harness/cache";
import { until } from "../../../packages/cli-kit/wait-until";
import { type Lambda, startLambda } from "./lambda";
import { host, keys, master, migrationsFolder, region, startDatabase, type TestDatabase } from "./servers";

const requestId = "8c1e5f0a-0000-4000-8000-00000000cafe";
const secretArn = `arn:aws:secretsmanager:${region}:111111111111:secret:rds!db-TEST`;
const migrations = readMigrations(migrationsFolder).map(labelOf);
const none = { multiValueHeaders: null, multiValueQueryStringParameters: null, body: null };

let database: TestDatabase;
let cache: TestCache;
let secrets: Server;
/** Requests for a secret that are denied before one is answered. */
let denials = 0;
let media: Lambda;
let migrate: Lambda;
let daemon: Socket;
const traced: { name: string; trace_id: string; sql?: object }[] = [];

beforeAll(async () => {
  database = await startDatabase({ migrated: false });
  cache = await TestCache.start(database);
  secrets = createServer((_, answer) => {
    answer.setHeader("content-type", "application/x-amz-json-1.1");
    if (denials > 0) {
      denials--;
      answer.statusCode = 400;
      return void answer.end(
        JSON.stringify({ __type: "AccessDeniedException", Message: "no policy allows it" }),
      );
    }
    answer.end(
      JSON.stringify({
        ARN: secretArn,
        SecretString: JSON.stringify({ username: master.user, password: master.password }),
      }),
    );
  }).listen(0, "127.0.0.1");
  await once(secrets, "listening");

  daemon = createSocket("udp4", (message) => {
    traced.push(JSON.parse(message.toString().split("\n")[1] ?? "") as (typeof traced)[number]);
  });
  daemon.bind(0, "127.0.0.1");
  await once(daemon, "listening");

  const runtime = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
    // Lambda runs Node.js 22. On Node.js 20, the AWS SDK prints a warning.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
  };
  const common = {
    ENVIRONMENT: "dev",
    DATABASE_HOST: host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    LOG_LEVEL: "INFO",
    NODE_EXTRA_CA_CERTS: database.caFile,
  };
  const forMedia: MediaEnvironment = {
    ...common,
    DATABASE_USER: "media",
    ...cache.variables("media"),
    UPLOADS_BUCKET: "uploads-test",
    STREAMS_BUCKET: "streams-test",
    QUEUE_URL: "http://127.0.0.1:1/queue",
    QUOTA_VIDEOS: "100000",
    QUOTA_BYTES: "999999999999999",
    QUOTA_MINUTES: "1000000",
    PLAYBACK_KEYS_SECRET_ARN: secretArn,
    PUBLIC_URL: "https://streamflow.example",
  };
  const forMigrate: MigrateEnvironment = {
    ...common,
    DATABASE_SECRET_ARN: secretArn,
    DATABASE_USERS: "media",
  };
  const code = { handler: "migrate", include: ["migrations"] };
  migrate = startLambda(join(database.folder, "migrate"), code, { ...runtime, ...forMigrate });
  media = startLambda(join(database.folder, "media"), { handler: "media" }, { ...runtime, ...forMedia });
});

afterAll(async () => {
  await media.stop();
  await migrate.stop();
  secrets.close();
  daemon.close();
  await cache.stop();
  await database.stop();
});

/** Invokes the function like API Gateway, and measures the time. */
async function get(path: string, query: Record<string, string[]> | null = null) {
  const started = performance.now();
  const result = (await media.invoke({
    ...none,
    httpMethod: "GET",
    path,
    multiValueQueryStringParameters: query,
    requestContext: { requestId, stage: "api", path: `/api${path}` },
  })) as APIGatewayProxyResult;
  return {
    status: result.statusCode,
    headers: result.multiValueHeaders ?? {},
    body: JSON.parse(result.body) as Record<string, unknown>,
    milliseconds: performance.now() - started,
  };
}

function lines(lambda: Lambda): Record<string, unknown>[] {
  return lambda
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("the API answers 503, without details, before migrate has created its user", async () => {
  const { status, headers, body } = await get("/media");
  expect(status).toBe(503);
  expect(headers["content-type"]).toEqual(["application/problem+json"]);
  expect(body).toMatchObject({ instance: `urn:uuid:${requestId}` });
});

test("migrate lists pending migrations, applies them once, and then has none pending", async () => {
  expect(await migrate.invoke({ dryRun: true })).toEqual({
    applied: [],
    pending: migrations,
    version: 0,
  });
  expect(await migrate.invoke({})).toEqual({
    applied: migrations,
    pending: [],
    version: migrations.length,
  });
  expect(await migrate.invoke({})).toEqual({ applied: [], pending: [], version: migrations.length });
  expect(lines(migrate)).toContainEqual(
    expect.objectContaining({
      level: "INFO",
      service: "migrate",
      message: "migrated",
      applied: migrations,
    }),
  );
});

test("migrate waits until its role's new permission takes effect", async () => {
  denials = 2;
  expect(await migrate.invoke({})).toMatchObject({ version: migrations.length });
  expect(denials).toBe(0);
});

test("migrate reads a restored database as the application, and no other database", async () => {
  const token = databaseToken({ host, port: database.port, user: "media", region }, keys);
  const asked = { host, user: "media", token };
  expect(await migrate.invoke({ inspect: asked })).toEqual({ rows: { deleted_media: 0, media: 0 } });
  await expect(migrate.invoke({ inspect: { ...asked, host: "evil.example" } })).rejects.toThrow(
    `the host must be a database next to ${host}, got evil.example`,
  );
  expect(migrate.output()).not.toContain(token);
});

test("the API lists, pages and finds media in the database", async () => {
  await database.admin().query(
    `INSERT INTO media (title, content_type, size_bytes, visibility, status)
       SELECT 'V' || n, 'video/mp4', n, 'public', 'ready' FROM generate_series(1, 30) n`,
  );
  const first = await get("/media", { limit: ["20"] });
  expect(first.status).toBe(200);
  expect(first.body.items).toHaveLength(20);
  const second = await get("/media", { limit: ["20"], cursor: [String(first.body.nextCursor)] });
  expect(second.body.items).toHaveLength(10);
  expect(second.body).not.toHaveProperty("nextCursor");
  const [item] = second.body.items as { id: string }[];
  const one = await get(`/media/${item?.id}`);
  expect(one.status).toBe(200);
  expect(one.body).toMatchObject({ ...item });
  expect(one.headers["x-request-id"]).toEqual([requestId]);
});

test("each request is one log line, with its ids", async () => {
  await get("/media/no-uuid");
  // The answer may arrive before the log lines.
  const written = () => lines(media).filter(({ path }) => path === "/media/no-uuid");
  while (written().length === 0) await sleep(20);
  expect(written().at(-1)).toMatchObject({
    level: "INFO",
    service: "media",
    environment: "dev",
    message: "request",
    path: "/media/no-uuid",
    status: 400,
    requestId,
    traceId: "1-5759e988-bd862e3fe1be46a994272793",
    invocationId: expect.stringMatching(/^invocation-/),
    cold: false,
  });
});

test("the API answers from the cache while the database is unavailable, and from the database when it recovers", async () => {
  // On a busy machine the function stops using the cache for a while.
  const limit = { limit: ["7"] };
  const client = new Redis(cache.administrator);
  await until("the list is in the cache", async () => {
    await client.flushall();
    await get("/media", limit);
    return (await client.dbsize()) > 0;
  });
  client.disconnect();
  const before = await get("/media", limit);
  expect((await get("/health")).body).toMatchObject({ database: "up" });
  await database.stopServer();
  const health = await get("/health");
  expect(health.status).toBe(503);
  expect(health.body).toMatchObject({ database: "down", title: "Service Unavailable" });
  const away = await get("/media", { limit: ["7"] });
  expect(away.status).toBe(200);
  expect(away.body).toEqual(before.body);
  expect((await get("/media", { limit: ["8"] })).status).toBe(503);
  await database.startServer();
  expect((await get("/media", { limit: ["8"] })).status).toBe(200);
});

test("the API continues without Redis, tries it rarely, and uses it again later", async () => {
  await cache.stopServer();
  for (let turn = 0; turn < 20; turn++) {
    expect((await get("/media")).status).toBe(200);
  }
  expect((await get("/health")).body).toEqual({ database: "up", cache: "down" });
  expect((await get("/health")).status).toBe(200);
  const gaveUp = lines(media).filter(({ message }) => message === "cache unavailable, requests are paused");
  expect(gaveUp.length).toBeGreaterThan(0);
  expect(gaveUp.length).toBeLessThan(20);
  await cache.startServer();
  await until("the cache is used again", async () => (await get("/health")).body.cache === "up");
});

test("a function whose environment is wrong names everything that is", async () => {
  const folder = join(database.folder, "wrong");
  const wrong = startLambda(
    folder,
    { handler: "media" },
    { DATABASE_PORT: "http", LOG_LEVEL: "loud", PUBLIC_URL: "http://x" },
  );
  try {
    await expect(wrong.invoke({})).rejects.toThrow(
      "ENVIRONMENT is missing; DATABASE_HOST is missing; " +
        'DATABASE_PORT must be a port from 1 to 65535, got "http"; DATABASE_NAME is missing; ' +
        "DATABASE_USER is missing; CACHE_HOST is missing; CACHE_PORT is missing; CACHE_NAME is missing; " +
        "NODE_EXTRA_CA_CERTS is missing; " +
        "UPLOADS_BUCKET is missing; STREAMS_BUCKET is missing; QUEUE_URL is missing; PLAYBACK_KEYS_SECRET_ARN is missing; " +
        'PUBLIC_URL must be https:// and a host name, got "http://x"; ' +
        "QUOTA_VIDEOS is missing; QUOTA_BYTES is missing; QUOTA_MINUTES is missing; " +
        'LOG_LEVEL must be one of DEBUG, INFO, WARN, ERROR, got "loud"; ' +
        "AWS_REGION is missing: set the variables where the function is defined",
    );
  } finally {
    await wrong.stop();
  }
});

test("queries, cache and AWS calls were traced, without values or secrets", () => {
  const traceId = "1-5759e988-bd862e3fe1be46a994272793";
  const all = JSON.stringify(traced);
  expect(traced.every(({ trace_id }) => trace_id === traceId)).toBe(true);
  const names = new Set(traced.map(({ name }) => name));
  for (const name of [`${database.name}@${host}`, "cache get", "cache set", "SecretsManager", "migrate"]) {
    expect(names).toContain(name);
  }
  const query = traced.find(({ sql }) => sql !== undefined);
  expect(query?.sql).toMatchObject({ user: "media", database_type: "PostgreSQL" });
  for (const secret of [keys.secretAccessKey, keys.sessionToken, master.password]) {
    expect(all).not.toContain(secret);
  }
});

test("all log output is JSON, and contains no secret", () => {
  for (const lambda of [media, migrate]) {
    const output = lambda.output();
    for (const secret of [keys.secretAccessKey, keys.sessionToken, master.password, "X-Amz-Signature"]) {
      expect(output).not.toContain(secret);
    }
    const text = output.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
    expect(text).toEqual([]);
  }
});
