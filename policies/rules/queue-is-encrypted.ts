import { each } from "../rule";

export const queueIsEncrypted = each("aws_sqs_queue", (queue) =>
  queue.at("sqs_managed_sse_enabled").isTrue || queue.at("kms_master_key_id").exists
    ? undefined
    : { finding: "is not encrypted", remedy: "set sqsManagedSseEnabled: true" },
);
