/** Errors of the AWS SDK, as far as they are used. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** An AWS error response; `name` is AWS's error code. */
export class AwsError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  /** Parses status and body: S3's XML or others' JSON. */
  constructor(operation: string, status: number, text: string) {
    const [, code = `Status${status}`] =
      /<Code>(\w+)<\/Code>/.exec(text) ?? /"__type"\s*:\s*"(?:[^"#]*#)?(\w+)"/.exec(text) ?? [];
    const [, why = ""] = /<Message>([^<]*)</.exec(text) ?? /"[Mm]essage"\s*:\s*"([^"]*)"/.exec(text) ?? [];
    super(`${operation}: ${code} ${why}`.trim());
    this.name = code;
    this.$metadata = { httpStatusCode: status };
  }
}

/** Error names below status 500 that are temporary. */
const THROTTLING_ERROR_NAME = /Throttl|SlowDown|TooManyRequests|RequestTimeout|RequestLimitExceeded/;

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as SdkError).$metadata?.httpStatusCode : undefined;
}

/** Whether AWS refused a request because there were too many. */
export function isThrottling(error: Error): boolean {
  return statusOf(error) === 429 || THROTTLING_ERROR_NAME.test(error.name);
}

/** Whether an error is temporary: AWS failed, throttled, or was unreachable. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  return status === undefined || status >= 500 || isThrottling(error);
}
