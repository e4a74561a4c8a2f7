/** Kinds of reasons why a message is a dead letter. */
export const REASON_KINDS = {
  poison: "the source can't be processed; retries can't help",
  attempts: "all attempts failed; a retry may succeed",
  unreadable: "the message is not an S3 event",
} as const;
export type ReasonKind = keyof typeof REASON_KINDS;
