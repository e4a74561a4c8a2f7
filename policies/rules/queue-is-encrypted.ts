import { defineRule, each } from "../rule";

export const queueIsEncrypted = defineRule({
  id: "queue-is-encrypted",
  sentence: "A queue is encrypted at rest.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/sqs-controls.html#sqs-1",
  code: { "stacks/constructs/data/work-queue.ts": ["sqsManagedSseEnabled"] },
  find: each("aws_sqs_queue", (queue) =>
    queue.at("sqs_managed_sse_enabled").isTrue || queue.at("kms_master_key_id").exists
      ? undefined
      : { finding: "messages are not encrypted", remedy: "set sqsManagedSseEnabled to true" },
  ),
});
