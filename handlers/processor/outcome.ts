/** What becomes of a message. */
export type Outcome =
  | { readonly kind: "completed" }
  /** It is handed out again in so many seconds; after too many receives the queue puts it to the dead letters. */
  | { readonly kind: "retry"; readonly seconds: number }
  /** Somebody else has it. */
  | { readonly kind: "skip" };

/** All is done: the message is deleted. */
export const completed: Outcome = { kind: "completed" };
/** The message is left to whoever has it now. */
export const skip: Outcome = { kind: "skip" };
/** The message is hidden for so many seconds, then received again. */
export const retryAfter = (seconds: number): Outcome => ({ kind: "retry", seconds });

/** Seconds. SQS hides a message for 12 hours at most. */
const MAX_RETRY_SECONDS = 900;
const MAX_BUSY_RETRY_SECONDS = 4 * 3_600;

/** Seconds until a message is tried again whose work failed for a reason that may pass. */
export function retryDelaySeconds(receives: number): number {
  return Math.min(MAX_RETRY_SECONDS, 15 * 2 ** (receives - 1));
}

/** The lease that another message holds. */
export interface BusyLease {
  readonly remainingSeconds: number;
  /** How long a whole lease is. */
  readonly leaseSeconds: number;
  /** How often this message was received. */
  readonly receives: number;
}

/**
 * Seconds until a message is tried again whose media is being worked on for another message. Each try counts as a receive, and a long video must not drive a second message into the dead
 * letters: the third try is almost two hours behind the first, where a lease is a minute.
 */
export function busyRetrySeconds({ remainingSeconds, leaseSeconds, receives }: BusyLease): number {
  const delaySeconds = Math.min(MAX_BUSY_RETRY_SECONDS, leaseSeconds * 10 ** receives);
  return Math.max(Math.ceil(remainingSeconds) + 1, delaySeconds);
}

/** A message stays as long as any of its events needs it. */
export function combinedOutcome(outcomes: readonly Outcome[]): Outcome {
  const retries = outcomes.flatMap((outcome) => (outcome.kind === "retry" ? [outcome.seconds] : []));
  if (retries.length > 0) return retryAfter(Math.min(...retries));
  return outcomes.find(({ kind }) => kind === "skip") ?? completed;
}
