/** An error response; `message` is for the browser's log, `parameters` are those that the API rejected. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 without a response. */
    readonly status: number,
    message: string,
    readonly parameters: readonly string[] = [],
  ) {
    super(message);
  }

  /** Whether the error is temporary. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** An error of the user pool, with its name: `NotAuthorizedException`. */
export class UserPoolError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
