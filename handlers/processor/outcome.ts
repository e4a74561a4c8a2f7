/** Outcome of a message. */
export type Outcome =
  | { readonly kind: "completed" }
  /** Deliver it again after a delay; after too many receives it moves to the dead-letter queue. */
  | { readonly kind: "retry"; readonly seconds: number }
  /** Leave it to its current owner. */
  | { readonly kind: "skip" };

/** The work is complete: delete the message. */
export const completed: Outcome = { kind: "completed" };
/** Leave the message to its current owner. */
export const skip: Outcome = { kind: "skip" };
/** Hide the message for a number of seconds, then deliver it again. */
export const retryAfter = (seconds: number): Outcome => ({ kind: "retry", seconds });

/** Maximum delay in seconds; SQS allows 12 hours. */
const MAX_RETRY_SECONDS = 900;
const MAX_BUSY_RETRY_SECONDS = 4 * 3_600;

/** Seconds until the retry after a temporary failure. */
export function retryDelaySeconds(receives: number): number {
  return Math.min(MAX_RETRY_SECONDS, 15 * 2 ** (receives - 1));
}

/** A lease held for another message. */
export interface BusyLease {
  readonly remainingSeconds: number;
  /** Duration of a lease in seconds. */
  readonly leaseSeconds: number;
  /** Number of receives of this message. */
  readonly receives: number;
}

/**
 * Seconds until the retry of a message whose media is being processed for another message. Each try is a receive, and a
 * long video must not move the second message to the dead-letter queue: with leases of one minute, the third try is
 * almost two hours after the first.
 */
export function busyRetrySeconds({ remainingSeconds, leaseSeconds, receives }: BusyLease): number {
  const delaySeconds = Math.min(MAX_BUSY_RETRY_SECONDS, leaseSeconds * 10 ** receives);
  return Math.max(Math.ceil(remainingSeconds) + 1, delaySeconds);
}

/** The combined outcome of a message's events: it stays while any event needs it. */
export function combinedOutcome(outcomes: readonly Outcome[]): Outcome {
  const retries = outcomes.flatMap((outcome) => (outcome.kind === "retry" ? [outcome.seconds] : []));
  if (retries.length > 0) return retryAfter(Math.min(...retries));
  return outcomes.find(({ kind }) => kind === "skip") ?? completed;
}
