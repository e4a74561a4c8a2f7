import { each, unless } from "../rule";

export const queueIsEncrypted = each("aws_sqs_queue", (queue) =>
  unless(
    queue.at("sqs_managed_sse_enabled").isTrue || queue.at("kms_master_key_id").exists,
    "is not encrypted",
    "set sqsManagedSseEnabled: true",
  ),
);
