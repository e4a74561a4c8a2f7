import { UnprocessableVideoError } from "./errors";

/** How much of a file is looked at, in bytes. */
export const SNIFF_BYTES = 4_096;

/** Text that tells a player to open something else: what it names could be a file of ours, or of our network. */
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

/** Throws `UnprocessableVideoError` when the first bytes of a file say that it is no video, before any program opens it. */
export function refuseOtherThanVideo(head: Uint8Array): void {
  if (head.length === 0) throw new UnprocessableVideoError("The file is empty.");
  const hex = Buffer.from(head.subarray(0, 8)).toString("hex");
  if (ARCHIVE_SIGNATURES.some((magic) => hex.startsWith(magic))) {
    throw new UnprocessableVideoError(
      "The file is a compressed archive, not a video: upload the video in it.",
    );
  }
  const text = Buffer.from(head)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (PLAYLIST_PATTERNS.some((pattern) => pattern.test(text))) {
    throw new UnprocessableVideoError("The file is a playlist, not a video: upload the video itself.");
  }
  if (isText(head)) throw new UnprocessableVideoError("The file is a text, not a video.");
}

/** Every container of video has a byte that no text has among its first ones. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
