import type { QueueConsumerSettings } from "../../../../stacks/constructs/compute/settings";
import type { WorkQueueSettings } from "../../../../stacks/constructs/data/settings";
import { WorkQueue } from "../../../../stacks/constructs/data/work-queue";
import { functionIn, here } from "../../../support/network";
import { decoded, settingsOf, type Synthesized, synthOf } from "../../../support/synth";

function consumer(settings: QueueConsumerSettings = {}, queue: Partial<WorkQueueSettings> = {}): Synthesized {
  return synthOf((stack) => {
    const orders = new WorkQueue(stack, "orders", { ...settingsOf("dev").queue, ...here, ...queue });
    const paint = functionIn(stack, "paint");
    paint.consume(orders, settings);
  });
}

const MAPPING = "aws_lambda_event_source_mapping.paint_from_orders";

test("calls the function's alias with up to 10 messages, and retries only those that failed", () => {
  expect(consumer().at(MAPPING)).toMatchObject({
    event_source_arn: "${aws_sqs_queue.orders.arn}",
    function_name: "${aws_lambda_alias.paint_live.arn}",
    batch_size: 10,
    function_response_types: ["ReportBatchItemFailures"],
  });
  expect(consumer().at(MAPPING)).not.toHaveProperty("scaling_config");
});

test("has batch size, batching window and concurrency from its settings", () => {
  const settings = { batchSize: 500, batchingWindow: "20 seconds", maxConcurrency: 4 } as const;
  expect(consumer(settings).at(MAPPING)).toMatchObject({
    batch_size: 500,
    maximum_batching_window_in_seconds: 20,
    scaling_config: { maximum_concurrency: 4 },
  });
});

test("lets the function's role poll that queue, before the mapping is made", () => {
  const synthesized = consumer();
  const policy = "aws_iam_role_policy.paint_role_permissions";
  expect(decoded(synthesized.at(policy).policy as string).Statement).toContainEqual({
    Effect: "Allow",
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    Resource: ["arn:aws:sqs:us-east-1:123456789012:streamflow-test-orders"],
  });
  expect(synthesized.at(MAPPING).depends_on).toContain(policy);
});

test("accepts a visibility timeout of exactly 6 times the timeout plus the batching window", () => {
  expect(() => consumer({ batchingWindow: "5 seconds" }, { visibilityTimeout: "65 seconds" })).not.toThrow();
});

test.each<[string, QueueConsumerSettings, Partial<WorkQueueSettings>, string]>([
  [
    "a queue that hides messages for less than 6 times the timeout",
    {},
    { visibilityTimeout: "59 seconds" },
    'streamflow-test/orders.visibilityTimeout must be "60 seconds" or more, got "59 seconds": 6 times the timeout of streamflow-test/paint/from-orders, "10 seconds", plus its batchingWindow, "0 seconds"',
  ],
  [
    "a batching window that the queue's visibility timeout leaves out",
    { batchingWindow: "5 seconds" },
    { visibilityTimeout: "1 minute" },
    'streamflow-test/orders.visibilityTimeout must be "65 seconds" or more, got "1 minute": 6 times the timeout of streamflow-test/paint/from-orders, "10 seconds", plus its batchingWindow, "5 seconds"',
  ],
  [
    "more than 10 messages without a batching window",
    { batchSize: 11 },
    {},
    'streamflow-test/paint/from-orders.batchingWindow must be "1 second" or more, got "0 seconds": Lambda requires a batching window for a batchSize above 10, got 11',
  ],
  [
    "an empty batch",
    { batchSize: 0 },
    {},
    "streamflow-test/paint/from-orders.batchSize must be a whole number from 1 to 10000 messages, got 0",
  ],
  [
    "a batching window of more than 5 minutes",
    { batchingWindow: "301 seconds" },
    { visibilityTimeout: "1 hour" },
    'streamflow-test/paint/from-orders.batchingWindow must be a duration from "0 seconds" to "5 minutes", got "301 seconds"',
  ],
  [
    "a concurrency that Lambda does not accept",
    { maxConcurrency: 1 },
    {},
    "streamflow-test/paint/from-orders.maxConcurrency must be a whole number from 2 to 1000 concurrent events, got 1",
  ],
])("fails on %s, in one line", (_what, settings, queue, line) => {
  expect(() => consumer(settings, queue)).toThrow(line);
  expect(line).not.toContain("\n");
});

test("a function without variables has no block for them, which Lambda would forget", () => {
  expect(consumer().at("aws_lambda_function.paint")).not.toHaveProperty("environment");
});
