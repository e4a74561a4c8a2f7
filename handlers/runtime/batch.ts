import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Log } from "./log";

export interface RecordHandlerOptions {
  /** Handles one message; if it throws, only this message fails. */
  readonly handle: (record: SQSRecord) => Promise<void>;
  readonly log: Pick<Log, "error">;
}

/**
 * A handler for messages of a queue, one after the other. It answers which of them failed: Lambda deletes the others, and
 * those that failed come again after the queue's visibility timeout.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * ```ts
 * export const handler = eachRecord({ log, handle: ({ body }) => paint(JSON.parse(body)) });
 * ```
 */
export function eachRecord({ handle, log }: RecordHandlerOptions) {
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of Records) {
      const { messageId, attributes } = record;
      try {
        await handle(record);
      } catch (error) {
        log.error("message failed", { error, messageId, receives: attributes.ApproximateReceiveCount });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}
