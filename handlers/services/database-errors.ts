import { DatabaseError } from "pg";

/** SQLSTATEs and network codes of a connection that is gone. */
const CONNECTION_LOST_CODE = /^(?:08...|57P0[1-3]|ECONNRESET|EPIPE|ETIMEDOUT)$/;
/** SQLSTATEs of a database that is short of something, or has cancelled the query because it took too long. */
const OVERLOADED_CODE = /^(?:53...|57014)$/;
/** What pg says without a code. */
const CONNECTION_LOST_MESSAGE = /^Connection terminated|is not queryable/;
const QUERY_TIMEOUT_MESSAGE = /^Query read timeout/;

/** Whether a query failed because its connection has ended, as opposed to one that is wrong or slow. */
export function isLost(error: unknown): boolean {
  return CONNECTION_LOST_CODE.test(codeOf(error)) || CONNECTION_LOST_MESSAGE.test(messageOf(error));
}

/** Whether the same query may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  return isLost(error) || OVERLOADED_CODE.test(codeOf(error)) || QUERY_TIMEOUT_MESSAGE.test(messageOf(error));
}

/** Whether PostgreSQL itself refused the query, so that the connection is as good as before. */
export function isRefused(error: unknown): boolean {
  return error instanceof DatabaseError && !isLost(error);
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}
