import { type FailureCode, failureReason, type FailureValues } from "../media/failure-reasons";

/** The upload can't be processed; retries can't help. The message is for its creator. */
export class UnprocessableVideoError extends Error {
  override readonly name = "UnprocessableVideoError";

  constructor(
    readonly code: FailureCode,
    values: FailureValues = {},
    options: ErrorOptions = {},
  ) {
    super(failureReason(code, values), options);
  }
}

/** Another processor has the lease; results of this one must be discarded. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

/** The processor must stop before the work is complete. */
export class ShutdownError extends Error {
  override readonly name = "ShutdownError";
}
