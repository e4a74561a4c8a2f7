import { Cached, type Entry } from "../../../handlers/media/cached";
import { media } from "../../../handlers/media/schemas";
import type { Media } from "../../../handlers/media/media";
import { aMedia, MemoryCache } from "../fakes";

const old = aMedia({ title: "old" });
const changed: Media = { ...old, title: "changed" };
const entry: Entry<Media> = { scope: "media:1", key: "media", seconds: 30, schema: media };

const gives =
  <Value>(value: Value) =>
  (): Promise<Value> =>
    Promise.resolve(value);

function setUp(): { cache: MemoryCache; cached: Cached } {
  const cache = new MemoryCache();
  return { cache, cached: new Cached(cache, () => cache.now) };
}

it("asks the source once, as long as the entry is fresh", async () => {
  const { cache, cached } = setUp();
  const load = jest.fn(gives(old));
  expect(await cached.read(entry, load)).toEqual(old);
  cache.now = 29_999;
  expect(await cached.read(entry, load)).toEqual(old);
  expect(load).toHaveBeenCalledTimes(1);
  cache.now = 30_000;
  expect(await cached.read(entry, load)).toEqual(old);
  expect(load).toHaveBeenCalledTimes(2);
});

it("counts the entry's seconds from before the source was read", async () => {
  const { cache, cached } = setUp();
  await cached.read(entry, () => {
    cache.now = 20_000;
    return Promise.resolve(old);
  });
  cache.now = 30_000;
  expect(await cached.read(entry, gives(changed))).toEqual(changed);
});

it("does not cache a missing entry", async () => {
  const { cached } = setUp();
  expect(await cached.read<Media | undefined>(entry, gives(undefined))).toBeUndefined();
  expect(await cached.read<Media | undefined>(entry, gives(old))).toEqual(old);
});

it("reads the source again after a change", async () => {
  const { cached } = setUp();
  await cached.read(entry, gives(old));
  await cached.changed(entry.scope);
  expect(await cached.read(entry, gives(changed))).toEqual(changed);
  expect(await cached.read(entry, gives(old))).toEqual(changed);
});

it("leaves other scopes as they are", async () => {
  const { cached } = setUp();
  await cached.read(entry, gives(old));
  await cached.changed("media:2");
  expect(await cached.read(entry, gives(changed))).toEqual(old);
});

it("does not serve what a slow reader stores after the change that it did not see", async () => {
  const { cached } = setUp();
  const slow = cached.read(entry, async () => {
    await cached.changed(entry.scope);
    return old;
  });
  expect(await slow).toEqual(old);
  expect(await cached.read(entry, gives(changed))).toEqual(changed);
});

it("serves nothing older than the entry's TTL when an invalidation fails", async () => {
  const { cache, cached } = setUp();
  await cached.read(entry, gives(old));
  cache.down = true;
  await cached.changed(entry.scope);
  cache.down = false;
  cache.now = 30_000;
  expect(await cached.read(entry, gives(changed))).toEqual(changed);
});

it("works without a cache, and keeps nothing whose stamp it could not read", async () => {
  const { cache, cached } = setUp();
  cache.down = true;
  expect(
    await cached.read(entry, () => {
      cache.down = false;
      return Promise.resolve(old);
    }),
  ).toEqual(old);
  expect(cache.kept.size).toBe(0);
});

it.each([
  ["cut off", '{"stamp":"","val'],
  ["null", "null"],
  ["a number", "7"],
  ["without a value", '{"stamp":""}'],
  ["of another form", '{"stamp":"","value":{"id":1}}'],
  ["of another stamp", JSON.stringify({ stamp: "x", value: old })],
])("reads the source when the cached text is %s", async (_, value) => {
  const { cache, cached } = setUp();
  await cache.set("streamflow:v1:{media:1}:media", value, 1);
  expect(await cached.read(entry, gives(changed))).toEqual(changed);
});

it("checks a text once for as long as the cache holds it, and again when it holds another", async () => {
  const { cached } = setUp();
  const check = jest.spyOn(media, "safeParse");
  await cached.read(entry, gives(old));
  const first = await cached.read(entry, gives(changed));
  const second = await cached.read(entry, gives(changed));
  expect([first, second]).toEqual([old, old]);
  expect(second).toBe(first);
  expect(check).toHaveBeenCalledTimes(1);
  await cached.changed(entry.scope);
  await cached.read(entry, gives(changed));
  expect(await cached.read(entry, gives(old))).toEqual(changed);
  expect(check).toHaveBeenCalledTimes(2);
  check.mockRestore();
});

it("remembers the texts of the 20 keys that were read last, not of all", async () => {
  const { cached } = setUp();
  const at = (key: number) => ({ ...entry, key: String(key) });
  for (let key = 0; key < 21; key++) {
    await cached.read(at(key), gives(old));
    await cached.read(at(key), gives(changed));
  }
  const check = jest.spyOn(media, "safeParse");
  await cached.read(at(20), gives(changed));
  await cached.read(at(1), gives(changed));
  expect(check).not.toHaveBeenCalled();
  expect(await cached.read(at(0), gives(changed))).toEqual(old);
  expect(check).toHaveBeenCalledTimes(1);
  check.mockRestore();
});

it("rejects with the source's error", async () => {
  const { cached } = setUp();
  await expect(cached.read(entry, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});
