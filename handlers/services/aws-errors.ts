/** What the AWS SDK rejects with, as far as it matters here. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** AWS refused a call; `name` is AWS's own name of the reason. */
export class AwsError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  /** From the status and the text of an answer: S3's XML or the JSON of others. */
  constructor(operation: string, status: number, text: string) {
    const [, code = `Status${status}`] =
      /<Code>(\w+)<\/Code>/.exec(text) ?? /"__type"\s*:\s*"(?:[^"#]*#)?(\w+)"/.exec(text) ?? [];
    const [, why = ""] = /<Message>([^<]*)</.exec(text) ?? /"[Mm]essage"\s*:\s*"([^"]*)"/.exec(text) ?? [];
    super(`${operation}: ${code} ${why}`.trim());
    this.name = code;
    this.$metadata = { httpStatusCode: status };
  }
}

/** Names of errors with a status below 500 that pass. */
const THROTTLING_ERROR_NAME = /Throttl|SlowDown|TooManyRequests|RequestTimeout|RequestLimitExceeded/;

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as SdkError).$metadata?.httpStatusCode : undefined;
}

/** Whether the same call may succeed a moment later: AWS failed, has too much to do, or could not be reached. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  return status === undefined || status >= 500 || status === 429 || THROTTLING_ERROR_NAME.test(error.name);
}
