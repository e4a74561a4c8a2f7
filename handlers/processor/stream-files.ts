import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { boxesOf } from "./mp4-boxes";

/** A part of a playlist. */
export interface Segment {
  readonly name: string;
  readonly seconds: number;
  readonly bytes: number;
}

/** A complete HLS playlist with existing files. */
export interface Playlist {
  /** Folder of its files below the stream's. */
  readonly folder: string;
  readonly init: string;
  readonly segments: readonly Segment[];
  readonly seconds: number;
}

/** Reads `<name>/index.m3u8` of a stream; throws if it is incomplete, or a file is missing or empty. */
export async function readPlaylist(stream: string, name: string): Promise<Playlist> {
  const text = await readFile(join(stream, name, "index.m3u8"), "utf8");
  const [, init] = /^#EXT-X-MAP:URI="([^"]+)"$/m.exec(text) ?? [];
  const listed = [...text.matchAll(/^#EXTINF:([\d.]+),.*\n([^#\s].*)$/gm)].map((match) => ({
    name: match[2] ?? "",
    seconds: Number(match[1]),
  }));
  if (init === undefined || listed.length === 0 || !text.includes("\n#EXT-X-ENDLIST")) {
    throw new Error(`${name}/index.m3u8 is incomplete: ${text.slice(-200)}`);
  }
  const [, ...sizes] = await expectFiles(
    stream,
    [init, ...listed.map((segment) => segment.name)].map((file) => join(name, file)),
  );
  const segments = listed.map((segment, index) => ({
    name: segment.name,
    seconds: segment.seconds,
    bytes: sizes[index] ?? 0,
  }));
  const seconds = segments.reduce((sum, segment) => sum + segment.seconds, 0);
  return { folder: name, init, segments, seconds };
}

/** Removes the segments of `<name>/index.m3u8` that begin at a time or later; returns what is left. */
export async function shortenPlaylist(stream: string, name: string, seconds: number): Promise<Playlist> {
  const file = join(stream, name, "index.m3u8");
  let start = 0;
  const kept: string[] = [];
  const removed: string[] = [];
  for (const part of (await readFile(file, "utf8")).split(/(?=#EXTINF:|#EXT-X-ENDLIST)/)) {
    const [, length, segment = ""] = /^#EXTINF:([\d.]+),.*\n(.*)/.exec(part) ?? [];
    if (length === undefined || start < seconds) kept.push(part);
    else removed.push(segment);
    start += Number(length ?? 0);
  }
  await writeFile(file, kept.join(""));
  await Promise.all(removed.map((segment) => rm(join(stream, name, segment))));
  return readPlaylist(stream, name);
}

/**
 * Sizes of a stream's files in bytes. Throws if one is missing or empty, or if a part of it was not written: ffmpeg ends
 * without an error when the disk is full.
 */
export async function expectFiles(stream: string, names: readonly string[]): Promise<number[]> {
  const sizes: number[] = [];
  for (const name of names) {
    const { size } = await stat(join(stream, name));
    if (size === 0) throw new Error(`${name} was written empty`);
    if (/\.(?:mp4|m4s)$/.test(name) && (await endOfBoxes(join(stream, name))) !== size)
      throw new Error(`${name} was written in part: ${size} bytes`);
    sizes.push(size);
  }
  return sizes;
}

/** Where the last box of an MP4 file ends, as the boxes say. */
async function endOfBoxes(file: string): Promise<number> {
  const opened = await open(file);
  try {
    let last = 0;
    for await (const { end } of boxesOf(opened)) last = end;
    return last;
  } finally {
    await opened.close();
  }
}
