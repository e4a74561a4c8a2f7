import { plannedStatements } from "@packages/iam/planned-policy";
import { IDENTITY_POLICY_TYPES } from "../identity-policies";
import { defineRule, each, type Fault } from "../rule";

/** Any action of CloudWatch Logs except those on tags, which IAM evaluates on the group's ARN without `:*`. */
const NEEDS_STREAMS = /^logs:(?!(Tag|Untag|ListTagsFor)Resource$)/i;
const LOG_GROUP = /:log-group:[^:]+$|\baws_cloudwatch_log_group\.[\w.-]+\.arn\}?$/;

export const logPermissionCoversStreams = defineRule({
  id: "log-permission-covers-streams",
  sentence: "A permission on a log group, except on its tags, names the group's ARN with `:*`.",
  source:
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html#CWL_ARN_Format",
  code: { "stacks/constructs/compute/log-group.ts": ["logGroupResources"] },
  find: each(IDENTITY_POLICY_TYPES, (policy): Fault[] =>
    plannedStatements(policy.at("policy"))
      .filter(
        ({ effect, actions }) => effect === "Allow" && actions.some((action) => NEEDS_STREAMS.test(action)),
      )
      .flatMap(({ resources }) =>
        resources.filter(
          (arn) => LOG_GROUP.test(arn) && !arn.endsWith("*") && !resources.includes(`${arn}:*`),
        ),
      )
      .map((arn) => ({
        finding: `allows logs actions on ${arn}, without its streams`,
        remedy: `add "${arn}:*" to the resources, or use logGroupResources`,
      })),
  ),
});
