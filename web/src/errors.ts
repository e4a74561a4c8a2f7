interface ApiErrorDetails {
  /** The API's code; undefined if API Gateway or CloudFront answered. */
  readonly code?: string | undefined;
  /** Parameters that the API rejected. */
  readonly parameters?: readonly string[];
}

/** An error response; `message` is for the browser's log. */
export class ApiError extends Error {
  readonly code: string | undefined;
  readonly parameters: readonly string[];

  constructor(
    /** HTTP status; 0 without a response. */
    readonly status: number,
    message: string,
    { code, parameters = [] }: ApiErrorDetails = {},
  ) {
    super(message);
    this.code = code;
    this.parameters = parameters;
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

  /** Whether the session or the password is not accepted, now and later. */
  get hasEnded(): boolean {
    return this.code === "NotAuthorizedException";
  }
}

/** Why a stream can't be played. */
export type PlaybackFailure = "expired" | "interrupted" | "unsupported";

export class PlaybackError extends Error {
  constructor(readonly failure: PlaybackFailure) {
    super(`the stream can't be played: ${failure}`);
  }
}
