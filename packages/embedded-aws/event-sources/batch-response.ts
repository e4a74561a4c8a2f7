/**
 * Ids of failed messages in a batch, from the function's result. Nothing or an empty list is success; unparsable
 * results and unknown ids are a complete failure.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#sqs-batchfailurereporting-conditions
 * `failedMessages('{"batchItemFailures":[{"itemIdentifier":"b"}]}', ["a", "b"])` is the set of `b`.
 */
export function failedMessages(payload: string, messageIds: readonly string[]): ReadonlySet<string> {
  const all = new Set(messageIds);
  let response: unknown;
  try {
    response = JSON.parse(payload);
  } catch {
    return all;
  }
  if (response === null || typeof response !== "object") return new Set();
  const { batchItemFailures } = response as { readonly batchItemFailures?: unknown };
  if (batchItemFailures === null || batchItemFailures === undefined) return new Set();
  if (!Array.isArray(batchItemFailures)) return all;
  const failed = batchItemFailures.map(
    (one) => (one as { readonly itemIdentifier?: unknown } | null)?.itemIdentifier,
  );
  return failed.every((id) => typeof id === "string" && all.has(id)) ? new Set(failed as string[]) : all;
}
