/** A finding that stays, because of a reason and until a day. */
export interface Acceptance {
  readonly rule: string;
  /** A Terraform address; `*` stands for any text. */
  readonly address: string;
  readonly reason: string;
  /** The last day: 2026-12-31. */
  readonly expires: string;
}

/** A function in a VPC: the interfaces do not exist when the policy is written. */
const INTERFACES = "network interfaces of a function in a VPC have no names beforehand";
/** Metrics, alarms and traces are read across the account. */
const READS = "metrics and traces have no resources to name";
const TRACES = "X-Ray knows no resources for segments";

/** Actions for which AWS knows no resource narrower than `*`, or none that is known beforehand; and why. */
export const anyResource: Readonly<Record<string, string>> = {
  "cloudwatch:DescribeAlarms": READS,
  "cloudwatch:DescribeAlarmsForMetric": READS,
  "cloudwatch:GetMetricData": READS,
  "cloudwatch:ListMetrics": READS,
  "ec2:AssignPrivateIpAddresses": INTERFACES,
  "ec2:CreateNetworkInterface": INTERFACES,
  "ec2:DeleteNetworkInterface": INTERFACES,
  "ec2:DescribeNetworkInterfaces": INTERFACES,
  "ec2:DescribeRegions": READS,
  "ec2:DescribeSubnets": INTERFACES,
  "ec2:UnassignPrivateIpAddresses": INTERFACES,
  "ecr:GetAuthorizationToken": "the token is the registry's, not a repository's",
  "tag:GetResources": READS,
  "xray:BatchGetTraces": READS,
  "xray:GetGroups": READS,
  "xray:GetInsightSummaries": READS,
  "xray:GetServiceGraph": READS,
  "xray:GetTimeSeriesServiceStatistics": READS,
  "xray:GetTraceGraph": READS,
  "xray:GetTraceSummaries": READS,
  "xray:PutTelemetryRecords": TRACES,
  "xray:PutTraceSegments": TRACES,
};

const APPLY =
  "the apply role makes, changes and ends whatever an environment is made of; its boundary limits it";
const BOUNDARY = "a boundary grants nothing: it lists the services that the apply role may be granted at all";
const WORKLOAD =
  "a boundary grants nothing: it lists the services that a role of the environment may be granted";

export const accepted: readonly Acceptance[] = [
  {
    rule: "role-names-its-actions",
    address: "aws_iam_policy.*_apply_permissions",
    reason: APPLY,
    expires: "2027-11-30",
  },
  {
    rule: "role-names-its-resources",
    address: "aws_iam_policy.*_apply_permissions",
    reason: APPLY,
    expires: "2027-11-30",
  },
  ...["role-names-its-actions", "role-names-its-resources"].map((rule) => ({
    rule,
    address: "aws_iam_policy.*_workload",
    reason: WORKLOAD,
    expires: "2027-11-30",
  })),
  {
    rule: "role-names-its-actions",
    address: "aws_iam_policy.*_boundary",
    reason: BOUNDARY,
    expires: "2027-11-30",
  },
  {
    rule: "role-names-its-resources",
    address: "aws_iam_policy.*_boundary",
    reason: BOUNDARY,
    expires: "2027-11-30",
  },
];
