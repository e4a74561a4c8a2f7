/** What becomes of a message. */
export type Outcome =
  | { readonly kind: "completed" }
  /** It is handed out again in so many seconds; after too many receives the queue puts it to the dead letters. */
  | { readonly kind: "retry"; readonly seconds: number }
  /** Somebody else has it. */
  | { readonly kind: "skip" };

export const completed: Outcome = { kind: "completed" };
export const skip: Outcome = { kind: "skip" };
export const retryAfter = (seconds: number): Outcome => ({ kind: "retry", seconds });

/** Seconds. SQS hides a message for 12 hours at most. */
const MAX_RETRY_SECONDS = 900;
const MAX_BUSY_RETRY_SECONDS = 4 * 3_600;

/** Seconds until a message is tried again whose work failed for a reason that may pass. */
export function retryDelaySeconds(receives: number): number {
  return Math.min(MAX_RETRY_SECONDS, 15 * 2 ** (receives - 1));
}

/**
 * Seconds until a message is tried again whose media is being worked on for another message; what is left of the lease
 * and how long one is. Each try counts as a receive, and a long video must not drive a second message into the dead
 * letters: the third try is almost two hours behind the first, where a lease is a minute.
 */
export function busyRetrySeconds(left: number, leaseSeconds: number, receives: number): number {
  return Math.max(Math.ceil(left) + 1, Math.min(MAX_BUSY_RETRY_SECONDS, leaseSeconds * 10 ** receives));
}

/** A message stays as long as any of its events needs it. */
export function combinedOutcome(outcomes: readonly Outcome[]): Outcome {
  const shown = outcomes.flatMap((outcome) => (outcome.kind === "retry" ? [outcome.seconds] : []));
  if (shown.length > 0) return retryAfter(Math.min(...shown));
  return outcomes.find(({ kind }) => kind === "skip") ?? completed;
}
