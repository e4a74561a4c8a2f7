import { defineRule, each } from "../rule";

export const queueHasDeadLetterQueue = defineRule({
  id: "queue-has-dead-letter-queue",
  sentence: "A queue has a dead-letter queue.",
  source:
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
  code: { "stacks/constructs/data/work-queue.ts": ["redrivePolicy"] },
  find: each("aws_sqs_queue", (queue, stack) => {
    const isDeadLetterQueue = stack
      .of("aws_sqs_queue")
      .some((other) => queue.isMeantBy(other.at("redrive_policy").json.at("deadLetterTargetArn").text));
    return isDeadLetterQueue || queue.at("redrive_policy").json.at("deadLetterTargetArn").exists
      ? undefined
      : {
          finding: "there is no dead-letter queue: a message that fails is received again until it expires",
          remedy: "set redrivePolicy with deadLetterTargetArn and maxReceiveCount, or use WorkQueue",
        };
  }),
});
