import type { Position } from "./media";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A position as an opaque text that fits into a URL. */
export function encodeCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt} ${id}`).toString("base64url");
}

/** The position behind a cursor; undefined when the text was never one of ours. */
export function decodeCursor(cursor: string): Position | undefined {
  const [createdAt = "", id = "", ...more] = Buffer.from(cursor, "base64url").toString().split(" ");
  const known = TIME.test(createdAt) && UUID.test(id) && more.length === 0;
  // A month of 13 has the form of a time, but PostgreSQL would refuse it.
  return known && !Number.isNaN(Date.parse(createdAt)) ? { createdAt, id } : undefined;
}
