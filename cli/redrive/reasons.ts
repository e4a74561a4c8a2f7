import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { ReasonKind } from "./reason-kinds";
import type { Letter } from "./letters";

export interface Reason {
  readonly kind: ReasonKind;
  /** The processor's error message. */
  readonly text: string;
}

interface Line {
  readonly message?: unknown;
  readonly messageId?: unknown;
  readonly reason?: unknown;
  readonly error?: { readonly name?: unknown; readonly message?: unknown };
}

/** Log messages of failed messages in handlers/processor/video-job.ts and message-handler.ts. */
const FAILED = "failed";
const TRIED = "processing attempt failed";
const UNREADABLE = "an unreadable message goes to the dead-letter queue";
const PATTERN = `{ ${[FAILED, TRIED, UNREADABLE].map((text) => `($.message = "${text}")`).join(" || ")} }`;

const SILENT: Reason = {
  kind: "attempts",
  text: "not in the log: the processors were killed, or the log has expired",
};

/**
 * Finds each letter's reason in the processor's log, which is accessible from anywhere; the database, which has it too,
 * is only reachable inside the VPC. The latest log line wins.
 */
export async function reasonsOf(
  logs: CloudWatchLogsClient,
  logGroup: string,
  letters: readonly Letter[],
): Promise<ReadonlyMap<string, Reason>> {
  const reasons = new Map(letters.map(({ id }) => [id, SILENT]));
  const oldest = letters[0]?.sent;
  if (oldest === undefined) return reasons;
  const input = { logGroupName: logGroup, filterPattern: PATTERN, startTime: oldest.getTime() - 60_000 };
  const said = new Map<string, number>();
  for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, input)) {
    for (const { message = "", timestamp = 0 } of events) {
      const found = readLine(message);
      if (found === undefined || !reasons.has(found.messageId)) continue;
      if (timestamp < (said.get(found.messageId) ?? 0)) continue;
      said.set(found.messageId, timestamp);
      reasons.set(found.messageId, found.reason);
    }
  }
  return reasons;
}

/** The message id and reason in a log line; undefined for other lines. */
export function readLine(text: string): { messageId: string; reason: Reason } | undefined {
  const line = parse(text);
  const { messageId, message, reason, error } = line;
  if (typeof messageId !== "string") return undefined;
  const why = [error?.name, error?.message].filter((part) => typeof part === "string").join(": ");
  if (message === FAILED) return { messageId, reason: { kind: "poison", text: textOf(reason) } };
  if (message === TRIED) return { messageId, reason: { kind: "attempts", text: why } };
  if (message === UNREADABLE) return { messageId, reason: { kind: "unreadable", text: why } };
  return undefined;
}

function parse(text: string): Line {
  try {
    return (JSON.parse(text) ?? {}) as Line;
  } catch {
    return {};
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
