import { UnprocessableVideoError } from "./errors";

/** Number of inspected bytes of a file. */
export const SNIFF_BYTES = 4_096;

/** Playlist formats, which make players open other files or hosts, perhaps internal ones. */
const PLAYLIST_PATTERNS: readonly RegExp[] = [
  /^#EXTM3U/,
  /^ffconcat/,
  /^\[playlist\]/i,
  /<(?:MPD|SmoothStreamingMedia|smil)\b/i,
];
const ARCHIVE_SIGNATURES: readonly string[] = [
  "504b0304",
  "504b0506",
  "1f8b",
  "526172211a07",
  "377abcaf271c",
  "425a68",
  "fd377a58",
];

/** Throws `UnprocessableVideoError` if the first bytes of a file are not of a video, before any program opens it. */
export function refuseOtherThanVideo(head: Uint8Array): void {
  if (head.length === 0) throw new UnprocessableVideoError("empty");
  const hex = Buffer.from(head.subarray(0, 8)).toString("hex");
  if (ARCHIVE_SIGNATURES.some((magic) => hex.startsWith(magic))) {
    throw new UnprocessableVideoError("archive");
  }
  const text = Buffer.from(head)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (PLAYLIST_PATTERNS.some((pattern) => pattern.test(text))) {
    throw new UnprocessableVideoError("playlist");
  }
  if (isText(head)) throw new UnprocessableVideoError("text");
}

/** Whether the bytes are text; every video container has non-text bytes at its start. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
