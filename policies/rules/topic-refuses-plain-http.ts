import { each, unless } from "../rule";
import { refusesPlainHttp } from "../transport-security";

export const topicRefusesPlainHttp = each("aws_sns_topic", (topic, stack) =>
  unless(
    [topic, ...stack.pointing("aws_sns_topic_policy", "arn", topic)].some((holder) =>
      refusesPlainHttp(holder.at("policy"), "sns:Publish", topic),
    ),
    "takes messages without TLS",
    "deny sns:Publish in its policy where aws:SecureTransport is false",
  ),
);
