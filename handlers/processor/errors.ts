/** Reason for the creator if processing failed although the file is fine. */
export const INTERRUPTED_REASON =
  "Processing was interrupted again and again. Our team can see it; you need not upload the file once more.";
export const NOT_PROCESSED_REASON =
  "Processing failed again and again. Our team can see it; you need not upload the file once more.";

/** The upload can't be processed; retries can't help. The message is for its creator. */
export class UnprocessableVideoError extends Error {
  override readonly name = "UnprocessableVideoError";
}

/** Another processor has the lease; results of this one must be discarded. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

/** The processor must stop before the work is complete. */
export class ShutdownError extends Error {
  override readonly name = "ShutdownError";
}
