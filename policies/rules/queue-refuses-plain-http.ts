import { each } from "../rule";
import { refusesPlainHttp } from "../transport-security";

export const queueRefusesPlainHttp = each("aws_sqs_queue", (queue, stack) =>
  [queue, ...stack.pointing("aws_sqs_queue_policy", "queue_url", queue)].some((holder) =>
    refusesPlainHttp(holder.at("policy"), { action: "sqs:*", resource: queue }),
  )
    ? undefined
    : {
        finding: "can be used without TLS",
        remedy: "deny sqs:* in its policy where aws:SecureTransport is false",
      },
);
