import { recordOf, splitBatch } from "../../../../packages/embedded-aws/event-sources/sqs-event";

const QUEUE = "arn:aws:sqs:eu-west-1:111111111111:orders";

test("a record has the fields that Lambda passes for a message", () => {
  const message = {
    MessageId: "id",
    ReceiptHandle: "handle",
    Body: "body",
    MD5OfBody: "digest",
    MD5OfMessageAttributes: "digest of attributes",
    Attributes: { ApproximateReceiveCount: "1", SentTimestamp: "2", MessageGroupId: "g" },
    MessageAttributes: {
      colour: { DataType: "String", StringValue: "green" },
      bytes: { DataType: "Binary", BinaryValue: Buffer.from("ab") },
    },
  };
  expect(recordOf(message, QUEUE)).toEqual({
    messageId: "id",
    receiptHandle: "handle",
    body: "body",
    attributes: { ApproximateReceiveCount: "1", SentTimestamp: "2", MessageGroupId: "g" },
    messageAttributes: {
      colour: { dataType: "String", stringValue: "green", stringListValues: [], binaryListValues: [] },
      bytes: { dataType: "Binary", binaryValue: "YWI=", stringListValues: [], binaryListValues: [] },
    },
    md5OfMessageAttributes: "digest of attributes",
    md5OfBody: "digest",
    eventSource: "aws:sqs",
    eventSourceARN: QUEUE,
    awsRegion: "eu-west-1",
  });
});

test("a batch is split into events that Lambda takes, in the order of its messages", () => {
  const record = (name: string) => recordOf({ MessageId: name, Body: name.repeat(1024 * 1024) }, QUEUE);
  const batches = splitBatch(["a", "b", "c", "d", "e", "f", "g"].map(record));
  expect(batches.map((batch) => batch.map(({ messageId }) => messageId).join(""))).toEqual(["abcde", "fg"]);
  for (const Records of batches)
    expect(JSON.stringify({ Records }).length).toBeLessThanOrEqual(6 * 1024 * 1024);
  expect(splitBatch([])).toEqual([]);
});
