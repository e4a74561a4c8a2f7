import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** A complete HLS playlist with existing files. */
export interface Playlist {
  /** Folder of its files below the stream's. */
  readonly folder: string;
  readonly init: string;
  readonly segments: readonly { readonly name: string; readonly seconds: number }[];
  readonly seconds: number;
}

/** Reads `<name>/index.m3u8` of a stream; throws if it is incomplete, or a file is missing or empty. */
export async function readPlaylist(stream: string, name: string): Promise<Playlist> {
  const text = await readFile(join(stream, name, "index.m3u8"), "utf8");
  const [, init] = /^#EXT-X-MAP:URI="([^"]+)"$/m.exec(text) ?? [];
  const segments = [...text.matchAll(/^#EXTINF:([\d.]+),.*\n([^#\s].*)$/gm)].map((match) => ({
    name: match[2] ?? "",
    seconds: Number(match[1]),
  }));
  if (init === undefined || segments.length === 0 || !text.includes("\n#EXT-X-ENDLIST")) {
    throw new Error(`${name}/index.m3u8 is incomplete: ${text.slice(-200)}`);
  }
  await expectFiles(
    stream,
    [init, ...segments.map((segment) => segment.name)].map((file) => join(name, file)),
  );
  const seconds = segments.reduce((sum, segment) => sum + segment.seconds, 0);
  return { folder: name, init, segments, seconds };
}

/** Throws if `master.m3u8` of a stream refers to other playlists than these. */
export async function expectMaster(stream: string, names: readonly string[]): Promise<void> {
  const text = await readFile(join(stream, "master.m3u8"), "utf8");
  const named = [...text.matchAll(/(?:^|URI=")([^#\s"]+)\/index\.m3u8/gm)].map((match) => match[1] ?? "");
  const [found, wanted] = [[...new Set(named)].sort().join(", "), [...names].sort().join(", ")];
  if (found !== wanted) throw new Error(`master.m3u8 has the playlists ${found}, expected ${wanted}`);
}

/** Throws if a file of a stream is missing or empty. */
export async function expectFiles(stream: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { size } = await stat(join(stream, name));
    if (size === 0) throw new Error(`${name} was written empty`);
  }
}
