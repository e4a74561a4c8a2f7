import { DOWNLOAD_FILE } from "./ffmpeg-arguments";
import type { Headers } from "./ports";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  m3u8: "application/vnd.apple.mpegurl",
  m4s: "video/iso.segment",
  mp4: "video/mp4",
  jpg: "image/jpeg",
  vtt: "text/vtt; charset=utf-8",
};

/** Segments are immutable once published; playlists are revalidated. */
const IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable";
const PLAYLIST_CACHE_CONTROL = "public, max-age=60";

/** HTTP headers of a stream file. Throws for unknown files. */
export function headersOf(name: string): Headers {
  const ending = name.slice(name.lastIndexOf(".") + 1);
  const contentType = CONTENT_TYPES[ending];
  if (contentType === undefined)
    throw new Error(`stream files must be ${Object.keys(CONTENT_TYPES).join(", ")}, got "${name}"`);
  return {
    contentType,
    cacheControl: ending === "m3u8" ? PLAYLIST_CACHE_CONTROL : IMMUTABLE_CACHE_CONTROL,
    contentDisposition: name === DOWNLOAD_FILE ? 'attachment; filename="video.mp4"' : undefined,
  };
}

/** Groups of files in upload order: referenced files first, the master playlist last. */
export function inUploadOrder(names: readonly string[]): string[][] {
  const groups: [string[], string[], string[]] = [[], [], []];
  for (const name of [...names].sort())
    groups[name === "master.m3u8" ? 2 : name.endsWith(".m3u8") ? 1 : 0].push(name);
  return groups.filter((group) => group.length > 0);
}
