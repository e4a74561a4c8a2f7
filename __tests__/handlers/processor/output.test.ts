import { headersOf, inUploadOrder } from "../../../handlers/processor/output";

it("uploads files before the playlists that refer to them, and the master playlist last", () => {
  const names = ["master.m3u8", "a/index.m3u8", "a/1.m4s", "poster.jpg", "b/index.m3u8", "b/init.mp4"];
  expect(inUploadOrder(names)).toEqual([
    ["a/1.m4s", "b/init.mp4", "poster.jpg"],
    ["a/index.m3u8", "b/index.m3u8"],
    ["master.m3u8"],
  ]);
  expect(inUploadOrder(["a/1.m4s"])).toEqual([["a/1.m4s"]]);
});

it("has only playlists revalidated", () => {
  expect(headersOf("master.m3u8").cacheControl).toBe("public, max-age=60");
  for (const name of ["a/1.m4s", "a/init.mp4", "poster.jpg", "sprite.vtt"]) {
    expect(headersOf(name).cacheControl).toMatch(/immutable$/);
  }
});

it("fails on a file that no stream has", () => {
  expect(() => headersOf("core")).toThrow('stream files must be m3u8, m4s, mp4, jpg, vtt, got "core"');
});
