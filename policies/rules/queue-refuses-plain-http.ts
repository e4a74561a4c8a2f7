import { each, unless } from "../rule";
import { refusesPlainHttp } from "../transport-security";

export const queueRefusesPlainHttp = each("aws_sqs_queue", (queue, stack) =>
  unless(
    [queue, ...stack.pointing("aws_sqs_queue_policy", "queue_url", queue)].some((holder) =>
      refusesPlainHttp(holder.at("policy"), "sqs:*", queue),
    ),
    "can be used without TLS",
    "deny sqs:* in its policy where aws:SecureTransport is false",
  ),
);
