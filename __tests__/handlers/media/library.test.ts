import { Cached } from "../../../handlers/media/cached";
import { Library } from "../../../handlers/media/library";
import type { Media } from "../../../handlers/media/media";
import { Thumbnails } from "../../../handlers/media/thumbnails";
import { aMedia, MemoryCache, MemoryRepository } from "../fakes";

function setUp(rows = [aMedia(), aMedia(), aMedia()]) {
  const repository = new MemoryRepository(rows);
  const cache = new MemoryCache();
  const thumbnails = new Thumbnails({ signedPath: (path) => Promise.resolve(`${path}?signed`) });
  const library = new Library({ repository, cached: new Cached(cache, () => cache.now), thumbnails });
  return { repository, cache, library, rows };
}

it("keeps the first page of each limit apart", async () => {
  const { library, rows } = setUp([aMedia(), aMedia()]);
  expect((await library.list({ limit: 20 })).items).toHaveLength(2);
  expect((await library.list({ limit: 1 })).items).toMatchObject([rows[1] as Media]);
});

it("lists a creator's media from the repository each time", async () => {
  const { library, repository, rows } = setUp([aMedia({ owner: "a", status: "failed" }), aMedia()]);
  for (let turn = 0; turn < 2; turn++) {
    expect((await library.listOwn({ limit: 20, owner: "a" })).items).toMatchObject([{ id: rows[0]?.id }]);
  }
  expect(repository.asked).toBe(2);
});

it("answers first pages from the cache, and later ones from the repository", async () => {
  const { library, repository } = setUp();
  for (let turn = 0; turn < 3; turn++) await library.list({ limit: 2 });
  expect(repository.asked).toBe(1);
  for (let turn = 0; turn < 3; turn++) {
    await library.list({ limit: 2, after: { createdAt: "2027-01-01T00:00:00.000000Z", id: "f" } });
  }
  expect(repository.asked).toBe(4);
});

it("returns no cursor on a full last page", async () => {
  const { library } = setUp();
  expect(await library.list({ limit: 3 })).not.toHaveProperty("nextCursor");
});

it("shows a changed media immediately, alone and in lists, when the change is published", async () => {
  const { library, repository, rows } = setUp();
  const [first] = rows;
  if (!first) throw new Error("no rows");
  await library.find(first.id);
  await library.list({ limit: 20 });
  repository.rows[0] = { ...first, title: "Another" };
  expect(await library.find(first.id)).toMatchObject({ ...first });
  await library.changed(first.id);
  expect(await library.find(first.id)).toHaveProperty("title", "Another");
  expect((await library.list({ limit: 20 })).items).toContainEqual(
    expect.objectContaining({ title: "Another" }),
  );
});

it("never shows a removed media, also when the cache was unavailable during the removal", async () => {
  const { library, repository, cache, rows } = setUp();
  const { id } = rows[0] as Media;
  await library.find(id);
  await library.list({ limit: 20 });
  repository.rows.shift();
  cache.down = true;
  await library.removed(id);
  cache.down = false;
  expect(await library.find(id)).toBeUndefined();
  expect((await library.list({ limit: 20 })).items.map((media) => media.id)).not.toContain(id);
});

it("finds a media that did not exist a moment before", async () => {
  const { library, repository } = setUp([]);
  const late = aMedia();
  expect(await library.find(late.id)).toBeUndefined();
  repository.rows.push(late);
  expect(await library.find(late.id)).toMatchObject({ ...late });
});
