import type { AccessRequest } from "@packages/iam/evaluate";
import { actionOf, type RoleCall } from "./role-call";

/** Actions that AWS requires of the caller besides the operation's own, for what it causes in other services. */
interface Cause {
  /** Operations as IAM actions. */
  readonly operations: RegExp;
  /** Whether the request has the parameters that cause it; every request by default. */
  readonly when?: (names: RoleCall["names"]) => boolean;
  readonly actions: readonly string[];
  /** Resource of the actions; any by default. */
  readonly on?: (names: RoleCall["names"]) => string;
  /** Page of AWS that says so. */
  readonly source: string;
}

const AUTHORIZATION = "https://docs.aws.amazon.com/service-authorization/latest/reference";

const USE_OF_A_KEY = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"];

/** Who may let a service write logs of its own to CloudWatch Logs. */
const LOG_DELIVERY = [
  ...["logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery"],
  ...["logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies"],
  "logs:DescribeLogGroups",
];

const CAUSES: readonly Cause[] = [
  {
    operations: /^wafv2:(Dis)?[aA]ssociateWebACL$/,
    when: ({ ResourceArn = "" }) => ResourceArn.includes(":apigateway:"),
    actions: ["apigateway:SetWebACL"],
    on: ({ ResourceArn = "*" }) => ResourceArn,
    source: `${AUTHORIZATION}/list_awswafv2.html`,
  },
  {
    operations: /^wafv2:(Dis)?[aA]ssociateWebACL$/,
    when: ({ ResourceArn = "" }) => ResourceArn.includes(":elasticloadbalancing:"),
    actions: ["elasticloadbalancing:SetWebAcl"],
    source: `${AUTHORIZATION}/list_awswafv2.html`,
  },
  {
    operations: /^wafv2:PutLoggingConfiguration$/,
    actions: LOG_DELIVERY,
    source:
      "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html#AWS-logs-infrastructure-CWL",
  },
  {
    operations: /^wafv2:DeleteLoggingConfiguration$/,
    actions: ["logs:DeleteLogDelivery"],
    source: "https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html",
  },
  {
    operations: /^logs:PutDeliverySource$/,
    when: ({ resourceArn = "" }) => resourceArn.includes(":cloudfront:"),
    actions: ["cloudfront:AllowVendedLogDeliveryForResource"],
    source: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html",
  },
  {
    // The permissions of the handlers of AWS::EC2::FlowLog.
    operations: /^ec2:CreateFlowLogs$/,
    actions: ["logs:CreateLogDelivery"],
    source: "https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html",
  },
  {
    operations: /^ec2:DeleteFlowLogs$/,
    actions: ["logs:DeleteLogDelivery"],
    source: "https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html",
  },
  {
    operations: /^ec2:(Create|Modify)VpcEndpoint$/,
    when: ({ PrivateDnsEnabled }) => PrivateDnsEnabled === "True",
    actions: ["route53:AssociateVPCWithHostedZone"],
    source: `${AUTHORIZATION}/list_amazonec2.html`,
  },
  {
    operations: /^rds:(CreateDBInstance|ModifyDBInstance)$/,
    when: ({ ManageMasterUserPassword }) => ManageMasterUserPassword === "True",
    actions: ["secretsmanager:CreateSecret", "secretsmanager:TagResource", ...USE_OF_A_KEY],
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
  },
  {
    operations: /^backup:CreateBackupVault$/,
    actions: ["backup-storage:MountCapsule", "kms:RetireGrant", ...USE_OF_A_KEY],
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html",
  },
  {
    operations: /^application-autoscaling:RegisterScalableTarget$/,
    when: ({ ServiceNamespace }) => ServiceNamespace === "ecs",
    actions: ["ecs:DescribeServices", "ecs:UpdateService"],
    source:
      "https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html",
  },
];

/** A role by which a service works in the account; its first resource makes it where the account lacks it. */
interface LinkedRole {
  readonly operations: RegExp;
  /** Path and name, in `arn:aws:iam::ACCOUNT:role/aws-service-role/`. */
  readonly role: string;
  readonly source: string;
}

const LINKED_ROLES: readonly LinkedRole[] = [
  {
    operations: /^application-autoscaling:RegisterScalableTarget$/,
    role: "ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
    source:
      "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html",
  },
  {
    operations: /^backup:CreateBackupSelection$/,
    role: "backup.amazonaws.com/AWSServiceRoleForBackup",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles.html",
  },
  {
    operations: /^ecs:(CreateCluster|CreateService)$/,
    role: "ecs.amazonaws.com/AWSServiceRoleForECS",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html",
  },
  {
    operations: /^elasticache:(CreateReplicationGroup|CreateCacheCluster)$/,
    role: "elasticache.amazonaws.com/AWSServiceRoleForElastiCache",
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/using-service-linked-roles.html",
  },
  {
    operations: /^elasticloadbalancing:CreateLoadBalancer$/,
    role: "elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing",
    source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html",
  },
  {
    operations: /^grafana:CreateWorkspace$/,
    role: "grafana.amazonaws.com/AWSServiceRoleForAmazonGrafana",
    source: "https://docs.aws.amazon.com/grafana/latest/userguide/using-service-linked-roles.html",
  },
  {
    operations: /^rds:CreateDBInstance$/,
    role: "rds.amazonaws.com/AWSServiceRoleForRDS",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html",
  },
  {
    operations: /^wafv2:PutLoggingConfiguration$/,
    role: "wafv2.amazonaws.com/AWSServiceRoleForWAFV2Logging",
    source: `${AUTHORIZATION}/list_awswafv2.html`,
  },
];

/** What an operation asks IAM for besides its own action: for what it causes, and for a service-linked role. */
export function causedAsks(call: RoleCall, account: string): AccessRequest[] {
  const action = actionOf(call);
  const caused = CAUSES.filter(
    ({ operations, when }) => operations.test(action) && when?.(call.names) !== false,
  ).flatMap(({ actions, on }) =>
    actions.map((one) => ({
      action: one,
      resource: on?.(call.names) ?? "*",
      context: keyContext(one, call),
    })),
  );
  const linked = LINKED_ROLES.filter(({ operations }) => operations.test(action)).map(({ role }) => ({
    action: "iam:CreateServiceLinkedRole",
    resource: `arn:aws:iam::${account}:role/aws-service-role/${role}`,
    context: {},
  }));
  return [...caused, ...linked];
}

/** How a service uses a key on behalf of its caller. */
function keyContext(action: string, { service, region }: RoleCall): AccessRequest["context"] {
  return action.startsWith("kms:")
    ? {
        "kms:grantisforawsresource": "true",
        "kms:viaservice": `${service}.${region}.amazonaws.com`,
      }
    : {};
}
