import { createHash } from "node:crypto";

/**
 * The ETag of a body: a hash of its text. It is weak, because CloudFront and other proxies drop or change a strong one
 * when they compress.
 */
export function etagOf(body: string): string {
  return `W/"${createHash("sha256").update(body).digest("base64url")}"`;
}

/** The quoted texts of a list of ETags. */
const QUOTED = /"[^"]*"/g;

/**
 * Whether a header `If-None-Match` contains an ETag, so that the answer is 304. It compares weakly, as RFC 9110
 * requires: `"x"` and `W/"x"` are equal.
 */
export function isCurrent(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const quoted: readonly string[] = header.match(QUOTED) ?? [];
  return header.trim() === "*" || quoted.includes(etag.replace(/^W\//, ""));
}
