import type { AccessRequest } from "@packages/iam/evaluate";
import type { RoleCall } from "./role-call";

/**
 * The service that gets the role of a request, by operation: the principal in the role's trust policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
const SERVICES: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
  "backup:CreateBackupSelection": "backup.amazonaws.com",
  // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
  "ec2:CreateFlowLogs": "vpc-flow-logs.amazonaws.com",
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html
  "ecs:RegisterTaskDefinition": "ecs-tasks.amazonaws.com",
  // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSGrafanaAccountAdministrator.html
  "grafana:CreateWorkspace": "grafana.amazonaws.com",
  "grafana:UpdateWorkspace": "grafana.amazonaws.com",
  // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambda_FullAccess.html
  "lambda:CreateFunction": "lambda.amazonaws.com",
  "lambda:UpdateFunctionConfiguration": "lambda.amazonaws.com",
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
  "rds:CreateDBInstance": "monitoring.rds.amazonaws.com",
  "rds:ModifyDBInstance": "monitoring.rds.amazonaws.com",
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
  "s3:PutBucketReplication": "s3.amazonaws.com",
  // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEventBridgeSchedulerFullAccess.html
  "scheduler:CreateSchedule": "scheduler.amazonaws.com",
  "scheduler:UpdateSchedule": "scheduler.amazonaws.com",
};

/**
 * `iam:PassRole` for each role that a request hands to a service, with the service as a condition key. Throws if it is
 * not known which service gets the role.
 */
export function passRoleAsks({ service, operation, passedRoles }: RoleCall): AccessRequest[] {
  if (passedRoles.length === 0) return [];
  const passedTo = SERVICES[`${service}:${operation}`];
  if (passedTo === undefined) {
    throw new Error(
      `${service} ${operation} hands over a role: add the service that gets it to packages/embedded-aws/permissions/passed-roles.ts`,
    );
  }
  return passedRoles.map((resource) => ({
    action: "iam:PassRole",
    resource,
    context: { "iam:passedtoservice": passedTo },
  }));
}
