import { defineRule, each } from "../rule";
import { deniesPlainHttp } from "../transport-security";

export const topicRequiresTls = defineRule({
  id: "topic-requires-tls",
  sentence: "A topic's policy denies requests without TLS.",
  source: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
  code: { "stacks/constructs/observability/alarm-topic.ts": ["tlsOnly"] },
  find: each("aws_sns_topic", (topic, stack) =>
    [topic, ...stack.pointing("aws_sns_topic_policy", "arn", topic)].some((holder) =>
      deniesPlainHttp(holder.at("policy"), { action: "sns:Publish", resource: topic }),
    )
      ? undefined
      : {
          finding: "the topic policy does not deny requests without TLS",
          remedy: 'add tlsOnly("sns:Publish", …) to the topic policy',
        },
  ),
});
