import type { FailureCode } from "../media/failure-reasons";
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
/** First bytes of other kinds of files, in hexadecimal. */
const SIGNATURES: Readonly<Record<"archive" | "document" | "picture", readonly string[]>> = {
  archive: ["504b0304", "504b0506", "1f8b", "526172211a07", "377abcaf271c", "425a68", "fd377a58"],
  // PDF, Word and PowerPoint until 2003, Rich Text
  document: ["25504446", "d0cf11e0a1b11ae1", "7b5c727466"],
  // JPEG, PNG, TIFF, BMP, icons, Photoshop
  picture: ["ffd8ff", "89504e470d0a1a0a", "49492a00", "4d4d002a", "424d", "00000100", "38425053"],
};
/** Names that archives of office documents begin with. */
const OFFICE_NAMES = ["[Content_Types].xml", "mimetypeapplication/vnd.oasis", "mimetypeapplication/epub"];
/** Brands of pictures in the container of MP4. */
const PICTURE_BRANDS = ["heic", "heix", "heim", "heis", "mif1", "avif"];

/** Throws `UnprocessableVideoError` if the first bytes of a file are not of a video, before any program opens it. */
export function refuseOtherThanVideo(head: Uint8Array): void {
  const code = otherThanVideo(Buffer.from(head));
  if (code !== undefined) throw new UnprocessableVideoError(code);
}

function otherThanVideo(head: Buffer): FailureCode | undefined {
  if (head.length === 0) return "empty";
  const hex = head.subarray(0, 8).toString("hex");
  const has = (kind: keyof typeof SIGNATURES): boolean =>
    SIGNATURES[kind].some((signature) => hex.startsWith(signature));
  if (has("archive")) return OFFICE_NAMES.some((name) => head.includes(name)) ? "document" : "archive";
  if (has("document")) return "document";
  if (has("picture") || isPicture(head)) return "picture";
  const text = head
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (PLAYLIST_PATTERNS.some((pattern) => pattern.test(text))) return "playlist";
  return isText(head) ? "text" : undefined;
}

/** Whether it is WebP, or a picture in the container of MP4. */
function isPicture(head: Buffer): boolean {
  const brand = head.toString("latin1", 4, 12);
  if (brand.startsWith("ftyp")) return PICTURE_BRANDS.includes(brand.slice(4));
  return head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WEBP";
}

/** Whether the bytes are text; every video container has non-text bytes at its start. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
