import { defineRule, each } from "../rule";

/** Their publishing fails after the alarm, and nobody is told. */
export const topicKeyAdmitsServices = defineRule({
  id: "topic-key-admits-services",
  sentence:
    "A topic is not encrypted with SNS's AWS managed key, which services such as CloudWatch can't use.",
  source: "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services",
  code: { "stacks/constructs/observability/alarm-topic.ts": ["kmsMasterKeyId"] },
  find: each("aws_sns_topic", (topic) =>
    topic.at("kms_master_key_id").text.includes("alias/aws/")
      ? {
          finding:
            "CloudWatch, EventBridge and Budgets can't publish: the policy of the key does not name them",
          remedy: "set kmsMasterKeyId to a customer managed key, or leave it out",
        }
      : undefined,
  ),
});
