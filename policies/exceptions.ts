/** A finding that is accepted for a reason, until a day. */
export interface PolicyException {
  readonly rule: string;
  /** A Terraform address; `*` stands for any text. */
  readonly address: string;
  readonly reason: string;
  /** The last day: 2026-12-31. */
  readonly expires: string;
}

const NETWORK_INTERFACES_REASON =
  "the ids of a function's network interfaces are not known when the policy is written";
const ACCOUNT_WIDE_READ_REASON = "AWS offers no resource narrower than the account for these reads";
const TRACES_REASON = "X-Ray has no resource type for segments";

/** Actions that are allowed on any resource, each with its reason: AWS offers no narrower one, or none known in advance. */
export const anyResource: Readonly<Record<string, string>> = {
  "cloudwatch:DescribeAlarmHistory": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:DescribeAlarms": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:DescribeAlarmsForMetric": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:GetInsightRuleReport": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:GetMetricData": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:GetMetricStatistics": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:ListMetrics": ACCOUNT_WIDE_READ_REASON,
  "ec2:AssignPrivateIpAddresses": NETWORK_INTERFACES_REASON,
  "ec2:CreateNetworkInterface": NETWORK_INTERFACES_REASON,
  "ec2:DeleteNetworkInterface": NETWORK_INTERFACES_REASON,
  "ec2:DescribeNetworkInterfaces": NETWORK_INTERFACES_REASON,
  "ec2:DescribeRegions": ACCOUNT_WIDE_READ_REASON,
  "ec2:DescribeSubnets": NETWORK_INTERFACES_REASON,
  "ec2:UnassignPrivateIpAddresses": NETWORK_INTERFACES_REASON,
  "ecr:GetAuthorizationToken": "the token is for the registry, not for one repository",
  "tag:GetResources": ACCOUNT_WIDE_READ_REASON,
  "xray:BatchGetTraces": ACCOUNT_WIDE_READ_REASON,
  "xray:GetGroup": ACCOUNT_WIDE_READ_REASON,
  "xray:GetGroups": ACCOUNT_WIDE_READ_REASON,
  "xray:GetInsight": ACCOUNT_WIDE_READ_REASON,
  "xray:GetInsightEvents": ACCOUNT_WIDE_READ_REASON,
  "xray:GetInsightImpactGraph": ACCOUNT_WIDE_READ_REASON,
  "xray:GetInsightSummaries": ACCOUNT_WIDE_READ_REASON,
  "xray:GetServiceGraph": ACCOUNT_WIDE_READ_REASON,
  "xray:GetTimeSeriesServiceStatistics": ACCOUNT_WIDE_READ_REASON,
  "xray:GetTraceGraph": ACCOUNT_WIDE_READ_REASON,
  "xray:GetTraceSummaries": ACCOUNT_WIDE_READ_REASON,
  "xray:PutTelemetryRecords": TRACES_REASON,
  "xray:PutTraceSegments": TRACES_REASON,
};

const APPLY_ROLE_REASON =
  "AWS chooses the ids of many resources that the apply role creates; its actions are named, and its boundary limits it";
const BOUNDARY_REASON = "a boundary grants nothing: it lists the services that the apply role can be granted";
const WORKLOAD_BOUNDARY_REASON =
  "a boundary grants nothing: it lists the services that a role of the environment can be granted";

export const exceptions: readonly PolicyException[] = [
  {
    rule: "policy-has-no-resource-wildcard",
    address: "aws_iam_role_policy.*_plan_permissions",
    reason: "a plan reads settings of all kinds of resources, most of which AWS lists for the whole account",
    expires: "2027-11-30",
  },
  {
    rule: "policy-has-no-resource-wildcard",
    address: "aws_iam_policy.*_apply_*permissions",
    reason: APPLY_ROLE_REASON,
    expires: "2027-11-30",
  },
  {
    rule: "policy-has-no-action-wildcard",
    address: "aws_iam_policy.*_workload",
    reason: WORKLOAD_BOUNDARY_REASON,
    expires: "2027-11-30",
  },
  {
    rule: "policy-has-no-resource-wildcard",
    address: "aws_iam_policy.*_workload",
    reason: WORKLOAD_BOUNDARY_REASON,
    expires: "2027-11-30",
  },
  {
    rule: "policy-has-no-action-wildcard",
    address: "aws_iam_policy.*_boundary",
    reason: BOUNDARY_REASON,
    expires: "2027-11-30",
  },
  {
    rule: "policy-has-no-resource-wildcard",
    address: "aws_iam_policy.*_boundary",
    reason: BOUNDARY_REASON,
    expires: "2027-11-30",
  },
];
