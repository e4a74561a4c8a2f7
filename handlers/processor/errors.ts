/** For the creator of a video whose processing failed through no fault of the file. */
export const INTERRUPTED_REASON =
  "Processing was interrupted again and again. Our team can see it; you need not upload the file once more.";
export const NOT_PROCESSED_REASON =
  "Processing failed again and again. Our team can see it; you need not upload the file once more.";

/** What was uploaded can't become a video, however often it is tried. The message is for its creator. */
export class UnprocessableVideoError extends Error {
  override readonly name = "UnprocessableVideoError";
}

/** The lease is another's: what is done here counts no more. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

/** The processor must end before the work does. */
export class ShutdownError extends Error {
  override readonly name = "ShutdownError";
}
