import { each } from "../rule";
import { refusesPlainHttp } from "../transport-security";

export const topicRefusesPlainHttp = each("aws_sns_topic", (topic, stack) =>
  [topic, ...stack.pointing("aws_sns_topic_policy", "arn", topic)].some((holder) =>
    refusesPlainHttp(holder.at("policy"), { action: "sns:Publish", resource: topic }),
  )
    ? undefined
    : {
        finding: "takes messages without TLS",
        remedy: "deny sns:Publish in its policy where aws:SecureTransport is false",
      },
);
