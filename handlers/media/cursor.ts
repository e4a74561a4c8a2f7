import type { Position } from "./media";

/** 8 bytes of microseconds since 1970 and the 16 bytes of the id: always 32 base64url characters. */
const CURSOR_PATTERN = /^[\w-]{32}$/;
const MAX_MICROSECONDS = BigInt(Date.UTC(9999, 11, 31)) * 1_000n;

/** A position as an opaque, URL-safe text. */
export function encodeCursor({ createdAt, id }: Position): string {
  const bytes = Buffer.alloc(24);
  const microseconds = BigInt(Date.parse(createdAt)) * 1_000n + BigInt(createdAt.slice(23, 26));
  bytes.writeBigInt64BE(microseconds);
  bytes.write(id.replaceAll("-", ""), 8, "hex");
  return bytes.toString("base64url");
}

/** The position of a cursor; undefined if it is invalid. */
export function decodeCursor(cursor: string): Position | undefined {
  if (!CURSOR_PATTERN.test(cursor)) return undefined;
  const bytes = Buffer.from(cursor, "base64url");
  const microseconds = bytes.readBigInt64BE();
  if (microseconds < 0n || microseconds > MAX_MICROSECONDS) return undefined;
  const milliseconds = new Date(Number(microseconds / 1_000n)).toISOString().slice(0, -1);
  const createdAt = `${milliseconds}${String(microseconds % 1_000n).padStart(3, "0")}Z`;
  const id = bytes.toString("hex", 8).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  return { createdAt, id };
}
