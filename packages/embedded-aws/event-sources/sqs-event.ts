import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";

/** Message attributes that Lambda passes on. */
const ATTRIBUTES = [
  "ApproximateReceiveCount",
  "SentTimestamp",
  "SequenceNumber",
  "MessageGroupId",
  "SenderId",
  "MessageDeduplicationId",
  "ApproximateFirstReceiveTimestamp",
  "AWSTraceHeader",
  "DeadLetterQueueSourceArn",
] as const;

/** A message as a record of Lambda's event. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function recordOf(message: Message, queueArn: string) {
  const { MessageId, ReceiptHandle, Body, Attributes = {}, MessageAttributes = {} } = message;
  return {
    messageId: MessageId ?? "",
    receiptHandle: ReceiptHandle ?? "",
    body: Body ?? "",
    attributes: Object.fromEntries(
      ATTRIBUTES.flatMap((name) => (Attributes[name] === undefined ? [] : [[name, Attributes[name]]])),
    ),
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, value]) => [name, attributeOf(value)]),
    ),
    md5OfMessageAttributes: message.MD5OfMessageAttributes,
    md5OfBody: message.MD5OfBody ?? "",
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(":")[3] ?? "",
  };
}

export type SqsRecord = ReturnType<typeof recordOf>;

function attributeOf({ StringValue, BinaryValue, DataType }: MessageAttributeValue) {
  return {
    stringValue: StringValue,
    binaryValue: BinaryValue === undefined ? undefined : Buffer.from(BinaryValue).toString("base64"),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** Maximum bytes of an event, as for a synchronous invocation. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

export const bytesOf = (record: SqsRecord): number => Buffer.byteLength(JSON.stringify(record)) + 1;

export function isFull(records: readonly SqsRecord[]): boolean {
  return records.reduce((sum, record) => sum + bytesOf(record), 0) >= MAX_PAYLOAD_BYTES;
}

/** Splits a batch, in order, into events within Lambda's size limit. */
export function splitBatch(records: readonly SqsRecord[]): SqsRecord[][] {
  const batches: SqsRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = bytesOf(record);
    if (bytes > room) {
      batches.push([]);
      room = MAX_PAYLOAD_BYTES - '{"Records":[]}'.length;
    }
    batches.at(-1)?.push(record);
    room -= bytes;
  }
  return batches;
}
