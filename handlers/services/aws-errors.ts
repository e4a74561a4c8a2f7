/** What the AWS SDK rejects with, as far as it matters here. */
interface AwsError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Names of errors with a status below 500 that pass. */
const THROTTLED = /Throttl|SlowDown|TooManyRequests|RequestTimeout|RequestLimitExceeded/;

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as AwsError).$metadata?.httpStatusCode : undefined;
}

/** Whether the same call may succeed a moment later: AWS failed, has too much to do, or could not be reached. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  return status === undefined || status >= 500 || status === 429 || THROTTLED.test(error.name);
}
