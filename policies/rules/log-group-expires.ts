import { each, unless } from "../rule";

export const logGroupExpires = each("aws_cloudwatch_log_group", (group) =>
  unless(group.at("retention_in_days").number > 0, "keeps its logs for ever", "set retentionInDays"),
);
