import type { Context } from "../../../packages/iam/conditions";
import type { UsedRole } from "./used-roles";

/** A role that an AWS service assumes, and what the service does by it, from AWS. */
export interface ServiceCase {
  readonly service: string;
  /** Only roles with this in their address, if roles for something else trust the service too. */
  readonly address?: string;
  /** Only roles for which this holds, if others of the service need less. */
  readonly isFor?: (role: UsedRole) => boolean;
  /** What the service does by the role. */
  readonly what: string;
  /** A managed policy of AWS, or a page of its documentation; moto has the actions of policies. */
  readonly source: string;
  /** The actions of the page. */
  readonly actions?: readonly string[];
  /** Listed actions that the service does not need here, each with its reason. */
  readonly unneeded: Readonly<Record<string, string>>;
  /** Resources on which AWS evaluates an action; by default `*`, and the log group for actions on logs. */
  readonly resources?: (action: string, role: UsedRole) => readonly string[];
  readonly context?: (role: UsedRole) => Context;
}

/** Actions on log groups; IAM evaluates them on the group's ARN with an empty log stream. */
const GROUP_ACTIONS = [
  ...["logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:DescribeLogStreams"],
  ...["logs:DescribeLogGroups", "logs:FilterLogEvents", "logs:GetLogGroupFields", "logs:StartQuery"],
];

/** Where IAM evaluates an action on a log group and its streams. */
export function inLogGroup(action: string, groupArn: string): string {
  return GROUP_ACTIONS.includes(action) ? `${groupArn}:log-stream:` : `${groupArn}:log-stream:stream`;
}

const onLogGroup =
  (find: (role: UsedRole) => string) =>
  (action: string, role: UsedRole): string[] => [
    action.startsWith("logs:") ? inLogGroup(action, find(role)) : "*",
  ];

const namedGroup = (name: string) => onLogGroup((role) => role.arn("logs", `log-group:${name}`));

const GROUP_IS_MADE = "the stack makes the log group, with its retention";
const TAGS = "nothing here is looked up by the tags of instances";
const NO_INSTANCES = "there are no instances and no clusters of EKS";

const LOGS: readonly ServiceCase[] = [
  {
    service: "monitoring.rds.amazonaws.com",
    what: "enhanced monitoring",
    source: "AmazonRDSEnhancedMonitoringRole",
    resources: namedGroup("RDSOSMetrics"),
    unneeded: {},
  },
  {
    service: "apigateway.amazonaws.com",
    what: "execution logs",
    source: "AmazonAPIGatewayPushToCloudWatchLogs",
    resources: namedGroup("API-Gateway-Execution-Logs_abc/api"),
    unneeded: {},
  },
  {
    service: "lambda.amazonaws.com",
    what: "a function in a VPC",
    isFor: (role) => role.user("aws_lambda_function", "role").vpc_config !== undefined,
    source: "AWSLambdaVPCAccessExecutionRole",
    resources: onLogGroup((role) => {
      const { logging_config: logging } = role.user("aws_lambda_function", "role");
      return role.arn("logs", `log-group:${logging.log_group as string}`);
    }),
    unneeded: { "logs:CreateLogGroup": GROUP_IS_MADE },
  },
  {
    service: "vpc-flow-logs.amazonaws.com",
    what: "flow logs",
    source: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
    actions: [
      ...["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      ...["logs:DescribeLogGroups", "logs:DescribeLogStreams"],
    ],
    resources: onLogGroup((role) => role.user("aws_flow_log", "iam_role_arn").log_destination as string),
    unneeded: {
      "logs:CreateLogGroup": GROUP_IS_MADE,
      "logs:DescribeLogGroups": "the flow log names its group; AWS CDK's role lacks both too",
    },
  },
  {
    service: "ecs-tasks.amazonaws.com",
    address: "execution_role",
    what: "the start of a task",
    source: "AmazonECSTaskExecutionRolePolicy",
    resources: (action, role) => {
      const task = role.user("aws_ecs_task_definition", "execution_role_arn");
      if (action === "ecr:GetAuthorizationToken") return ["*"];
      return action.startsWith("ecr:")
        ? role.stack.of("aws_ecr_repository").map(({ name }) => role.arn("ecr", `repository/${name}`))
        : role.logGroupsOf(task).map((group) => inLogGroup(action, group));
    },
    unneeded: {},
  },
];

const DASHBOARDS: readonly ServiceCase[] = [
  {
    service: "grafana.amazonaws.com",
    what: "metrics",
    source: "AmazonGrafanaCloudWatchAccess",
    unneeded: {
      "oam:ListSinks": "there is no monitoring account",
      "oam:ListAttachedLinks": "there is no monitoring account",
      "ec2:DescribeTags": TAGS,
      "ec2:DescribeInstances": "there are no instances",
      "logs:GetLogEvents": "logs hold addresses of viewers: they are read in CloudWatch, not on dashboards",
      "logs:StartQuery": "as logs:GetLogEvents",
      "logs:StopQuery": "as logs:GetLogEvents",
      "logs:GetQueryResults": "as logs:GetLogEvents",
      "logs:GetLogGroupFields": "as logs:GetLogEvents",
      "logs:DescribeLogGroups": "as logs:GetLogEvents",
    },
  },
  {
    service: "grafana.amazonaws.com",
    what: "traces",
    source: "AWSXrayReadOnlyAccess",
    unneeded: {
      "xray:GetSamplingRules": "for SDKs that sample",
      "xray:GetSamplingTargets": "for SDKs that sample",
      "xray:GetSamplingStatisticSummaries": "for SDKs that sample",
      "xray:ListResourcePolicies": "no panel shows policies",
      "xray:ListTagsForResource": TAGS,
      "xray:BatchGetTraceSummaryById": "of the X-Ray console",
      "xray:GetDistinctTraceGraphs": "of the X-Ray console",
    },
  },
];

const REPLICATION: ServiceCase = {
  service: "s3.amazonaws.com",
  what: "replication",
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
  actions: [
    ...["s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersionForReplication"],
    ...["s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
    ...["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
  ],
  resources: (action, role) =>
    role.users("aws_s3_bucket_replication_configuration", "role").map(({ bucket, rule }) => {
      if (action.startsWith("s3:Replicate")) return `${rule[0].destination.bucket as string}/key`;
      const source = `arn:aws:s3:::${bucket as string}`;
      return action.startsWith("s3:GetObject") ? `${source}/key` : source;
    }),
  unneeded: { "s3:ReplicateDelete": "deletions are not replicated" },
};

/** The bucket and the instance that a backup plan selects. */
const selected = (role: UsedRole, service: string): string =>
  (role.user("aws_backup_selection", "iam_role_arn").resources as string[]).find((arn) =>
    arn.startsWith(`arn:aws:${service}:`),
  ) ?? "nothing is selected";

const snapshot = (role: UsedRole) => role.arn("rds", "snapshot:awsbackup:job-1");

/** Resources of AWS Backup's actions on a database and its snapshots. */
function ofDatabase(action: string, role: UsedRole): readonly string[] {
  if (/^(ec2|tag):/.test(action)) return ["*"];
  if (action.startsWith("kms:")) return [role.arn("kms", "key/1")];
  if (action === "backup:TagResource") return [role.arn("backup", "recovery-point:1")];
  if (action.startsWith("backup:")) return [role.arn("backup", "backup-vault:vault")];
  if (/DeleteDBSnapshot$/.test(action)) return [snapshot(role)];
  return /Snapshot/.test(action) ? [selected(role, "rds"), snapshot(role)] : [selected(role, "rds")];
}

/** Resources of AWS Backup's actions on a bucket; it restores to the bucket or to a new one. */
function ofBucket(action: string, role: UsedRole): readonly string[] {
  const bucket = selected(role, "s3");
  if (action === "s3:ListAllMyBuckets" || action.startsWith("cloudwatch:")) return ["*"];
  if (action === "events:ListRules") return [role.arn("events", "rule/*")];
  if (action.startsWith("events:")) return [role.arn("events", "rule/AwsBackupManagedRule-1")];
  if (action === "backup:TagResource") return [role.arn("backup", "recovery-point:1")];
  if (action.startsWith("kms:")) return [role.arn("kms", "key/1")];
  if (/:(CreateBucket|PutBucketVersioning|PutBucketOwnershipControls)$/.test(action))
    return ["arn:aws:s3:::restored"];
  return [/Object(?!LockC)|MultipartUploadParts/.test(action) ? `${bucket}/key` : bucket];
}

const backupOf =
  (service: string) =>
  (role: UsedRole): Context => ({
    "aws:principalaccount": role.account,
    "aws:resourceaccount": role.account,
    "kms:grantisforawsresource": "true",
    "kms:viaservice": `${service}.${role.region}.amazonaws.com`,
  });

const POLICY_PAGES = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference";

/** The managed policies are for all services that AWS Backup knows; the tables are of those that the stacks use. */
const BACKUPS: readonly ServiceCase[] = [
  {
    service: "backup.amazonaws.com",
    what: "backups and copies of the database",
    source: `${POLICY_PAGES}/AWSBackupServiceRolePolicyForBackup.html`,
    actions: [
      ...["rds:AddTagsToResource", "rds:ListTagsForResource", "rds:DescribeDBSnapshots"],
      ...["rds:CreateDBSnapshot", "rds:CopyDBSnapshot", "rds:DescribeDBInstances", "rds:DeleteDBSnapshot"],
      ...["backup:DescribeBackupVault", "backup:CopyIntoBackupVault", "backup:CopyFromBackupVault"],
      ...["backup:TagResource", "tag:GetResources", "kms:DescribeKey", "kms:CreateGrant"],
      ...["rds:DeleteDBInstanceAutomatedBackup", "rds:ModifyDBInstance", "rds:ModifyDBSnapshotAttribute"],
    ],
    resources: ofDatabase,
    context: backupOf("rds"),
    unneeded: {
      "rds:DeleteDBInstanceAutomatedBackup": "for continuous backups; the plans make snapshots",
      "rds:ModifyDBInstance": "as rds:DeleteDBInstanceAutomatedBackup",
      "rds:ModifyDBSnapshotAttribute": "for copies to another account; they go to another region",
    },
  },
  {
    service: "backup.amazonaws.com",
    what: "a restore of the database",
    source: `${POLICY_PAGES}/AWSBackupServiceRolePolicyForRestores.html`,
    actions: [
      ...["rds:DescribeDBInstances", "rds:DescribeDBSnapshots", "rds:ListTagsForResource"],
      ...["rds:RestoreDBInstanceFromDBSnapshot", "rds:AddTagsToResource", "rds:CreateDBInstance"],
      ...["ec2:DescribeAccountAttributes", "ec2:DescribeAvailabilityZones", "ec2:DescribeInternetGateways"],
      ...["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"],
      ...["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"],
      ...["rds:DeleteDBInstance", "rds:RestoreDBInstanceToPointInTime", "iam:PassRole", "iam:GetRole"],
    ],
    resources: ofDatabase,
    context: backupOf("rds"),
    unneeded: {
      "rds:DeleteDBInstance": "where data is protected, a person deletes what a failed restore leaves",
      "rds:RestoreDBInstanceToPointInTime": "of continuous backups; the plans make snapshots",
      // A restored instance has no enhanced monitoring: the policy passes no role to monitoring.rds.amazonaws.com.
      "iam:PassRole": NO_INSTANCES,
      "iam:GetRole": NO_INSTANCES,
    },
  },
  {
    service: "backup.amazonaws.com",
    what: "backups of a bucket",
    source: "AWSBackupServiceRolePolicyForS3Backup",
    resources: ofBucket,
    context: backupOf("s3"),
    unneeded: {},
  },
  {
    service: "backup.amazonaws.com",
    what: "a restore of a bucket",
    source: "AWSBackupServiceRolePolicyForS3Restore",
    resources: ofBucket,
    context: backupOf("s3"),
    unneeded: {},
  },
];

export const SERVICE_CASES: readonly ServiceCase[] = [...LOGS, ...DASHBOARDS, REPLICATION, ...BACKUPS];
