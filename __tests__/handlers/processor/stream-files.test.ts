import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectFiles, readPlaylist, shortenPlaylist } from "../../../handlers/processor/stream-files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "written-"));
  mkdirSync(join(folder, "a"));
  for (const name of ["init.mp4", "0.m4s", "1.m4s"]) write(`a/${name}`, BOX);
  write("a/index.m3u8", playlist);
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
/** A box without content. */
const BOX = "\0\0\0\u0008free";
const playlist = [
  ...["#EXTM3U", '#EXT-X-MAP:URI="init.mp4"', "#EXTINF:4.000000,", "0.m4s", "#EXTINF:1.500000,", "1.m4s"],
  ...["#EXT-X-ENDLIST", ""],
].join("\n");

it("reads how long a playlist plays, and of what", async () => {
  expect(await readPlaylist(folder, "a")).toEqual({
    folder: "a",
    init: "init.mp4",
    seconds: 5.5,
    segments: [
      { name: "0.m4s", seconds: 4, bytes: 8 },
      { name: "1.m4s", seconds: 1.5, bytes: 8 },
    ],
  });
});

it("shortens a playlist to a length, and removes the segments that begin later", async () => {
  expect(await shortenPlaylist(folder, "a", 3)).toMatchObject({ seconds: 4, segments: [{ name: "0.m4s" }] });
  expect(existsSync(join(folder, "a/1.m4s"))).toBe(false);
  expect(await shortenPlaylist(folder, "a", 3)).toEqual(await readPlaylist(folder, "a"));
});

it.each([
  ["has no end", () => write("a/index.m3u8", playlist.replace("#EXT-X-ENDLIST", "")), /is incomplete/],
  ["has no segment", () => write("a/index.m3u8", "#EXTM3U\n#EXT-X-ENDLIST\n"), /is incomplete/],
  ["names a segment that is empty", () => write("a/1.m4s", ""), /a\/1\.m4s was written empty/],
  [
    "names a segment that lacks its end",
    () => write("a/1.m4s", `${BOX}\0\0\0\u0020mdat`),
    /a\/1\.m4s was written in part: 16 bytes/,
  ],
  ["names a segment that lacks a header's end", () => write("a/1.m4s", `${BOX}\0\0`), /in part: 10 bytes/],
  ["names a segment that is missing", () => rmSync(join(folder, "a/0.m4s")), /ENOENT.*0\.m4s/],
  ["names a beginning that is missing", () => rmSync(join(folder, "a/init.mp4")), /ENOENT.*init\.mp4/],
  ["is missing", () => rmSync(join(folder, "a/index.m3u8")), /ENOENT.*index\.m3u8/],
])("fails on a playlist that %s", async (_, change, message) => {
  change();
  await expect(readPlaylist(folder, "a")).rejects.toThrow(message);
});

it("fails on a file that is missing or empty", async () => {
  write("poster.jpg", "");
  await expect(expectFiles(folder, ["poster.jpg"])).rejects.toThrow("poster.jpg was written empty");
  await expect(expectFiles(folder, ["sprite.jpg"])).rejects.toThrow(/ENOENT.*sprite\.jpg/);
});
