import { defineRule, each } from "../rule";
import { deniesPlainHttp } from "../transport-security";

export const queueRequiresTls = defineRule({
  id: "queue-requires-tls",
  sentence: "A queue's policy denies requests without TLS.",
  source:
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
  code: { "stacks/constructs/data/work-queue.ts": ["tlsOnly"] },
  find: each("aws_sqs_queue", (queue, stack) =>
    [queue, ...stack.pointing("aws_sqs_queue_policy", "queue_url", queue)].some((holder) =>
      deniesPlainHttp(holder.at("policy"), { action: "sqs:*", resource: queue }),
    )
      ? undefined
      : {
          finding: "the queue policy does not deny requests without TLS",
          remedy: 'add tlsOnly("sqs:*", …) to the queue policy, or use WorkQueue',
        },
  ),
});
