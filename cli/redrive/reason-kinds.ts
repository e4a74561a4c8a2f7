/** Why a message is a dead letter. */
export const REASON_KINDS = {
  poison: "the source can't become a video, however often it is tried",
  attempts: "every attempt failed for something that may have passed by now",
  unreadable: "it is no event of S3",
} as const;
export type ReasonKind = keyof typeof REASON_KINDS;
