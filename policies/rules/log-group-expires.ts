import { each } from "../rule";

export const logGroupExpires = each("aws_cloudwatch_log_group", (group) =>
  group.at("retention_in_days").number > 0
    ? undefined
    : { finding: "keeps its logs for ever", remedy: "set retentionInDays" },
);
