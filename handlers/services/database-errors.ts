import { DatabaseError } from "pg";

/**
 * SQLSTATEs and network codes of lost connections. 25006 is a read-only transaction: after a failover, the connection is
 * one to the former writer.
 */
const CONNECTION_LOST_CODE = /^(?:08...|25006|57P0[1-3]|ECONNRESET|EPIPE|ETIMEDOUT)$/;
/** SQLSTATEs of exhausted resources and of cancelled slow queries. */
const OVERLOADED_CODE = /^(?:53...|57014)$/;
/** pg's messages without code. */
const CONNECTION_LOST_MESSAGE = /^Connection terminated|is not queryable/;
const QUERY_TIMEOUT_MESSAGE = /^Query read timeout/;

/** Whether a query failed because its connection was lost. */
export function isLost(error: unknown): boolean {
  return CONNECTION_LOST_CODE.test(codeOf(error)) || CONNECTION_LOST_MESSAGE.test(messageOf(error));
}

/** Whether an error is temporary. */
export function isTransient(error: unknown): boolean {
  return isLost(error) || OVERLOADED_CODE.test(codeOf(error)) || QUERY_TIMEOUT_MESSAGE.test(messageOf(error));
}

/** Whether PostgreSQL rejected the query, so that the connection is still usable. */
export function isRefused(error: unknown): boolean {
  return error instanceof DatabaseError && !isLost(error);
}

/** Whether the schema lacks a column, as before a migration. */
export function isMissingColumn(error: unknown): boolean {
  return codeOf(error) === "42703";
}

/** Whether a table is missing or not granted yet, as before and during a migration. */
export function isUnavailableTable(error: unknown): boolean {
  return ["42P01", "42501"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}
