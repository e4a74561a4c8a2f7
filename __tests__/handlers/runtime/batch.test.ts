import type { SQSRecord } from "aws-lambda";
import { eachRecord } from "../../../handlers/runtime/batch";
import { createLog } from "../../../handlers/runtime/log";

const record = (messageId: string): SQSRecord => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body: messageId,
  attributes: {
    ApproximateReceiveCount: "2",
    SentTimestamp: "0",
    SenderId: "sender",
    ApproximateFirstReceiveTimestamp: "0",
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:orders",
  awsRegion: "us-east-1",
});

function handled(handle: (record: SQSRecord) => Promise<void>) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = createLog({ service: "orders", environment: "test", level: "INFO", write });
  return { lines, handler: eachRecord({ handle, log }) };
}

test("handles the messages of a batch in sequence", async () => {
  const events: string[] = [];
  const { handler } = handled(async ({ body }) => {
    events.push(`begin ${body}`);
    await Promise.resolve();
    events.push(`end ${body}`);
  });
  expect(await handler({ Records: [record("a"), record("b")] })).toEqual({ batchItemFailures: [] });
  expect(events).toEqual(["begin a", "end a", "begin b", "end b"]);
});

test("returns the failed messages, handles the following ones, and logs the reason", async () => {
  const done: string[] = [];
  const { handler, lines } = handled(({ body }) => {
    if (body === "b") return Promise.reject(new Error("no such order"));
    done.push(body);
    return Promise.resolve();
  });
  const answer = await handler({ Records: [record("a"), record("b"), record("c")] });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }] });
  expect(done).toEqual(["a", "c"]);
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ message: "message failed", messageId: "b", receives: "2", level: "ERROR" }),
  ]);
  expect(lines[0]).toContain("no such order");
});
