/** A finding that stays, because of a reason and until a day. */
export interface PolicyException {
  readonly rule: string;
  /** A Terraform address; `*` stands for any text. */
  readonly address: string;
  readonly reason: string;
  /** The last day: 2026-12-31. */
  readonly expires: string;
}

/** A function in a VPC: the interfaces do not exist when the policy is written. */
const NETWORK_INTERFACES_REASON = "network interfaces of a function in a VPC have no names beforehand";
/** Metrics, alarms and traces are read across the account. */
const ACCOUNT_WIDE_READ_REASON = "metrics and traces have no resources to name";
const TRACES_REASON = "X-Ray knows no resources for segments";

/** Actions for which AWS knows no resource narrower than `*`, or none that is known beforehand; and why. */
export const anyResource: Readonly<Record<string, string>> = {
  "cloudwatch:DescribeAlarms": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:DescribeAlarmsForMetric": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:GetMetricData": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:ListMetrics": ACCOUNT_WIDE_READ_REASON,
  "ec2:AssignPrivateIpAddresses": NETWORK_INTERFACES_REASON,
  "ec2:CreateNetworkInterface": NETWORK_INTERFACES_REASON,
  "ec2:DeleteNetworkInterface": NETWORK_INTERFACES_REASON,
  "ec2:DescribeNetworkInterfaces": NETWORK_INTERFACES_REASON,
  "ec2:DescribeRegions": ACCOUNT_WIDE_READ_REASON,
  "ec2:DescribeSubnets": NETWORK_INTERFACES_REASON,
  "ec2:UnassignPrivateIpAddresses": NETWORK_INTERFACES_REASON,
  "cloudwatch:DescribeAlarmHistory": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:GetInsightRuleReport": ACCOUNT_WIDE_READ_REASON,
  "cloudwatch:GetMetricStatistics": ACCOUNT_WIDE_READ_REASON,
  "xray:GetGroup": ACCOUNT_WIDE_READ_REASON,
  "xray:GetInsight": ACCOUNT_WIDE_READ_REASON,
  "xray:GetInsightEvents": ACCOUNT_WIDE_READ_REASON,
  "xray:GetInsightImpactGraph": ACCOUNT_WIDE_READ_REASON,
  "ecr:GetAuthorizationToken": "the token is the registry's, not a repository's",
  "tag:GetResources": ACCOUNT_WIDE_READ_REASON,
  "xray:BatchGetTraces": ACCOUNT_WIDE_READ_REASON,
  "xray:GetGroups": ACCOUNT_WIDE_READ_REASON,
  "xray:GetInsightSummaries": ACCOUNT_WIDE_READ_REASON,
  "xray:GetServiceGraph": ACCOUNT_WIDE_READ_REASON,
  "xray:GetTimeSeriesServiceStatistics": ACCOUNT_WIDE_READ_REASON,
  "xray:GetTraceGraph": ACCOUNT_WIDE_READ_REASON,
  "xray:GetTraceSummaries": ACCOUNT_WIDE_READ_REASON,
  "xray:PutTelemetryRecords": TRACES_REASON,
  "xray:PutTraceSegments": TRACES_REASON,
};

const APPLY_ROLE_REASON =
  "the apply role makes, changes and ends whatever an environment is made of; its boundary limits it";
const BOUNDARY_REASON =
  "a boundary grants nothing: it lists the services that the apply role may be granted at all";
const WORKLOAD_BOUNDARY_REASON =
  "a boundary grants nothing: it lists the services that a role of the environment may be granted";

export const exceptions: readonly PolicyException[] = [
  {
    rule: "role-names-its-resources",
    address: "aws_iam_role_policy.*_plan_permissions",
    reason: "a plan reads settings of all kinds of resources, most of which AWS lists for the whole account",
    expires: "2027-11-30",
  },
  {
    rule: "role-names-its-actions",
    address: "aws_iam_policy.*_apply_permissions",
    reason: APPLY_ROLE_REASON,
    expires: "2027-11-30",
  },
  {
    rule: "role-names-its-resources",
    address: "aws_iam_policy.*_apply_permissions",
    reason: APPLY_ROLE_REASON,
    expires: "2027-11-30",
  },
  ...["role-names-its-actions", "role-names-its-resources"].map((rule) => ({
    rule,
    address: "aws_iam_policy.*_workload",
    reason: WORKLOAD_BOUNDARY_REASON,
    expires: "2027-11-30",
  })),
  {
    rule: "role-names-its-actions",
    address: "aws_iam_policy.*_boundary",
    reason: BOUNDARY_REASON,
    expires: "2027-11-30",
  },
  {
    rule: "role-names-its-resources",
    address: "aws_iam_policy.*_boundary",
    reason: BOUNDARY_REASON,
    expires: "2027-11-30",
  },
];
