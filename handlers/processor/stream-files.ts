import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

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

/** Sizes of a stream's files in bytes. Throws if one is missing or empty. */
export async function expectFiles(stream: string, names: readonly string[]): Promise<number[]> {
  const sizes: number[] = [];
  for (const name of names) {
    const { size } = await stat(join(stream, name));
    if (size === 0) throw new Error(`${name} was written empty`);
    sizes.push(size);
  }
  return sizes;
}
