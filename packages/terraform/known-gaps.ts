/** An attribute that the emulator forgets, so that the plan after an apply is not empty. */
export interface KnownGap {
  /** Terraform's resource type. */
  readonly type: string;
  /** The top-level attribute that the second plan would change. */
  readonly attribute: string;
  /** What the emulator does, and why it is not mended in the overlay. */
  readonly reason: string;
}

/** Checked both ways: a change that is not listed fails `npm start`, and so does an entry that is no longer needed. */
export const knownGaps: readonly KnownGap[] = [];
