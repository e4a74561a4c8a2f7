import { defineRule, each } from "../rule";

export const logGroupHasRetention = defineRule({
  id: "log-group-has-retention",
  sentence: "A log group has a retention period.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16",
  code: { "stacks/constructs/compute/log-group.ts": ["retentionDays"] },
  find: each("aws_cloudwatch_log_group", (group) =>
    group.at("retention_in_days").number > 0
      ? undefined
      : {
          finding: "logs are never deleted",
          remedy: "pass the setting logs.retentionDays to the LogGroup as its retentionDays",
        },
  ),
});
