import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Cached } from "../../../handlers/media/cached";
import { Library, MediaInvalidation } from "../../../handlers/media/library";
import type { Media, MediaRepository } from "../../../handlers/media/media";
import { ProgressCache } from "../../../handlers/services/progress-cache";
import { RedisCache } from "../../../handlers/services/redis-cache";
import { type RedisServer, startRedis } from "../../../packages/embedded-aws/servers/redis";
import { accessString, CACHE_ACCESS, type CacheConsumer } from "../../../stacks/constructs/data/cache-users";

const folder = mkdtempSync(join(tmpdir(), "cache-users-"));
const id = "0e48f3c2-0000-4000-8000-000000000001";
const consumers = Object.keys(CACHE_ACCESS) as CacheConsumer[];

let server: RedisServer;

beforeAll(async () => {
  const started = await startRedis({ log: join(folder, "redis.log") });
  if (started === undefined) throw new Error("these tests need Redis: apt-get install redis-tools");
  server = started;
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** A media that the repository has, so that it is cached. */
const media = {
  id,
  title: "V",
  status: "ready",
  contentType: "video/mp4",
  sizeBytes: 1,
  playbackPath: null,
  width: null,
  height: null,
  durationSeconds: null,
  failureReason: null,
  failure: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
};

const repository = {
  find: () => Promise.resolve(media),
  listPublic: () => Promise.resolve([]),
  check: () => Promise.resolve(),
} as unknown as MediaRepository;

/** Everything that the code of a consumer does in the cache. */
const USES: Readonly<Record<CacheConsumer, (cache: RedisCache) => Promise<unknown>>> = {
  async media(cache) {
    const thumbnails = { add: (item: Media) => Promise.resolve(item) };
    const library = new Library({ repository, cached: new Cached(cache), thumbnails });
    await library.list({ limit: 20 });
    await library.find(id);
    await library.changed(id);
    await library.removed(id);
    await new ProgressCache(cache).read(id);
    return cache.check();
  },
  async processor(cache) {
    await new MediaInvalidation(new Cached(cache)).changed(id);
    const board = new ProgressCache(cache);
    await board.write(id, {
      status: "processing",
      percent: 1,
      at: new Date().toISOString(),
      reason: undefined,
    });
    return board.read(id);
  },
};

/** Failures of a consumer's code when its user has these rules. */
async function failuresWith(consumer: CacheConsumer, rules: string): Promise<string[]> {
  await server.setUsers([{ name: consumer, password: "p", rules }]);
  const failures: string[] = [];
  const cache = new RedisCache({
    host: "127.0.0.1",
    port: server.port,
    tls: "none",
    login: { user: consumer, password: () => Promise.resolve("p") },
    patience: 5_000,
    onFailure: ({ message }) => failures.push(message),
  });
  // What is stored would be returned without the loading and storing that is tested.
  const administrator = new Redis({ port: server.port, ...server.administrator });
  await administrator.flushall();
  administrator.disconnect();
  try {
    await USES[consumer](cache);
  } finally {
    cache.close();
  }
  return failures;
}

it.each(consumers)("lets %s do everything that its code does", async (consumer) => {
  expect(await failuresWith(consumer, accessString(CACHE_ACCESS[consumer]))).toEqual([]);
});

const rules = consumers.flatMap((consumer) =>
  accessString(CACHE_ACCESS[consumer])
    .split(" ")
    .filter((rule) => !["on", "-@all"].includes(rule))
    .map((rule) => [consumer, rule] as const),
);

it.each(rules)("gives %s nothing that it does not need: not without %s", async (consumer, rule) => {
  const rest = accessString(CACHE_ACCESS[consumer]).replace(` ${rule}`, "");
  // A removal that the cache misses waits until entries have expired.
  jest.spyOn(Cached.prototype, "removed").mockResolvedValue();
  const [failure] = await failuresWith(consumer, rest);
  expect(failure).toMatch(/^NOPERM/);
  jest.restoreAllMocks();
});

it.each<[CacheConsumer, string, string[]]>([
  ["media", "set", [`streamflow:v1:progress:${id}`, "x"]],
  ["media", "set", ["another:key", "x"]],
  ["media", "flushall", []],
  ["media", "keys", ["*"]],
  ["media", "del", [`streamflow:v1:{media:${id}}:media`]],
  ["processor", "mget", [`streamflow:v1:{media:${id}}:media`]],
  ["processor", "mget", [`streamflow:v1:{media:${id}}:stamp`]],
  ["processor", "set", [`streamflow:v1:{media:${id}}:media`, "x"]],
  ["processor", "set", [`streamflow:v1:{media:${id}}:stamp`, "x", "GET"]],
  ["processor", "config", ["get", "*"]],
])("refuses %s %s %j", async (consumer, command, words) => {
  const user = { name: consumer, password: "p", rules: accessString(CACHE_ACCESS[consumer]) };
  await server.setUsers([user]);
  const client = new Redis({
    port: server.port,
    username: consumer,
    password: "p",
    disableClientInfo: true,
    enableReadyCheck: false,
  });
  await expect(client.call(command, ...words)).rejects.toThrow(/^NOPERM/);
  client.disconnect();
});
