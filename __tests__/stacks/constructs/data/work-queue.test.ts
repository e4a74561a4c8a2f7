import { WorkQueue } from "../../../../stacks/constructs/data/work-queue";
import { here } from "../../../support/network";
import { decoded, settingsOf, type Synthesized, synthOf } from "../../../support/synth";

const queue = (use: (queue: WorkQueue) => void = () => {}): Synthesized =>
  synthOf((stack) => use(new WorkQueue(stack, "media-queue", { ...settingsOf("dev").queue, ...here })));

test("hides a received message for 300 seconds", () => {
  expect(queue().at("aws_sqs_queue.media_queue").visibility_timeout_seconds).toBe(300);
});

test("moves a message to the dead-letter queue after 3 receives", () => {
  expect(decoded(queue().at("aws_sqs_queue.media_queue").redrive_policy as string)).toEqual({
    deadLetterTargetArn: "${aws_sqs_queue.media_queue_dead_letters.arn}",
    maxReceiveCount: 3,
  });
});

test("its dead-letter queue accepts messages from it alone, and retains them for 14 days", () => {
  const letters = queue().at("aws_sqs_queue.media_queue_dead_letters");
  expect(letters.message_retention_seconds).toBe(1_209_600);
  expect(decoded(letters.redrive_allow_policy as string)).toEqual({
    redrivePermission: "byQueue",
    sourceQueueArns: ["arn:aws:sqs:us-east-1:123456789012:streamflow-test-media-queue"],
  });
});

test("both queues are encrypted and reject plain HTTP", () => {
  const queues = queue().of("aws_sqs_queue");
  expect(queues).toHaveLength(2);
  for (const { sqs_managed_sse_enabled, policy, name } of queues) {
    expect(sqs_managed_sse_enabled).toBe(true);
    expect(decoded(policy as string).Statement).toContainEqual({
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: `arn:aws:sqs:us-east-1:123456789012:${name}`,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  }
});

test("grants sending and consuming apart, each on this queue only", () => {
  queue((made) => {
    expect(made.send()).toEqual({ actions: ["sqs:SendMessage"], resources: [made.arn] });
    expect(made.consume().actions).not.toContain("sqs:SendMessage");
    expect(made.consume().resources).toEqual([made.arn]);
  });
});
