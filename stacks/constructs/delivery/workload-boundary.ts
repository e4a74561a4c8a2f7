import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { document } from "../../lib/permissions";
import { checkedName } from "../../lib/names";
import { nameInFoundation } from "../../lib/pull-requests";

export interface WorkloadBoundaryProps {
  readonly account: string;
  readonly environment: string;
  /** State bucket, if there is one. */
  readonly stateBucket?: string | undefined;
  /** Data is protected from deletion. */
  readonly protect: boolean;
  /** Whether the environment has a synthetic check, which signs its own user in. */
  readonly syntheticCheck: boolean;
}

/** Actions that delete data permanently; in protected environments only people can perform them. */
export const DELETION_ACTIONS = [
  "backup:DeleteBackupVault",
  "backup:DeleteBackupVaultLockConfiguration",
  "backup:DeleteRecoveryPoint",
  "backup:DisassociateRecoveryPoint",
  "backup:UpdateRecoveryPointLifecycle",
  "cognito-idp:DeleteUserPool",
  "ecr:BatchDeleteImage",
  "ecr:DeleteRepository",
  "elasticache:DeleteReplicationGroup",
  // Plans find the key by its alias: with another target, data would be encrypted with another key.
  "kms:DeleteAlias",
  "kms:DisableKey",
  // It also prevents the creation of a key with a policy: where data is protected, a person creates such a key.
  "kms:PutKeyPolicy",
  // Services such as RDS lose their data with the grant by which they use the key.
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
  "kms:UpdateAlias",
  "logs:DeleteLogGroup",
  "logs:DeleteLogStream",
  "rds:DeleteDBInstance",
  "rds:DeleteDBInstanceAutomatedBackup",
  "rds:DeleteDBSnapshot",
  "s3:DeleteBucket",
  "s3:DeleteBucketPolicy",
  "s3:DeleteObjectVersion",
  "secretsmanager:DeleteSecret",
  "sqs:DeleteQueue",
  "sqs:PurgeQueue",
];

/** Actions that sign a user in without the user's password: of the synthetic check's role only. */
const SIGN_IN_ACTIONS = ["AdminCreateUser", "AdminInitiateAuth", "AdminSetUserPassword"].map(
  (name) => `cognito-idp:${name}`,
);

/** Actions on services that workloads use; IAM is not among them. */
const WORKLOAD_ACTIONS = [
  ...["backup", "backup-storage", "cloudwatch", "ecr", "events", "kms", "logs", "rds", "rds-db", "s3"],
  ...["secretsmanager", "sqs", "tag", "xray"],
]
  .map((service) => `${service}:*`)
  .concat(
    ["AssignPrivateIpAddresses", "CreateNetworkInterface", "DeleteNetworkInterface", "Describe*"].map(
      (action) => `ec2:${action}`,
    ),
    "ec2:UnassignPrivateIpAddresses",
    "cloudfront:CreateInvalidation",
    "elasticache:Connect",
  );

/** The permissions boundary of all roles of an environment, in the foundation. */
export class WorkloadBoundary extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: WorkloadBoundaryProps) {
    super(scope, id);
    const policy = new IamPolicy(this, "Default", {
      name: checkedName(boundaryName(props.environment), "IAM policy"),
      description: "The most that a role of the environment can do, whatever its policies say",
      policy: document(statements(props)),
    });
    this.arn = policy.arn;
  }
}

/** ARN of the boundary as a plain string: the environment's stack shares no Terraform values with the foundation. */
export function workloadBoundaryArn({
  account,
  environment,
}: Pick<WorkloadBoundaryProps, "account" | "environment">): string {
  return `arn:aws:iam::${account}:policy/${boundaryName(environment)}`;
}

/** Sets the boundary on all roles below a construct. AWS rejects roles without it when the apply role creates them. */
export function boundRoles(scope: IConstruct, boundaryArn: string): void {
  Aspects.of(scope).add({
    visit(node) {
      if (node instanceof IamRole) node.permissionsBoundary = boundaryArn;
    },
  });
}

const boundaryName = (environment: string): string =>
  `streamflow-foundation-workload-${nameInFoundation(environment)}`;

function statements(props: WorkloadBoundaryProps): object[] {
  const { account, environment, stateBucket, protect } = props;
  const state = stateBucket === undefined ? [] : [`arn:aws:s3:::${stateBucket}`];
  return [
    { Effect: "Allow", Action: WORKLOAD_ACTIONS, Resource: "*" },
    // Schedules call functions. A function trusts what it is called with, so no other environment may call it.
    {
      Effect: "Allow",
      Action: ["lambda:InvokeFunction"],
      Resource: `arn:aws:lambda:*:${account}:function:streamflow-${environment}-*`,
    },
    ...(props.syntheticCheck ? signIn(props) : []),
    // Also the bucket that records the use of states.
    ...state.map((bucket) =>
      deny("NoStates", ["s3:*"], { Resource: [bucket, `${bucket}/*`, `${bucket}-audit*`] }),
    ),
    ...(protect ? dataProtection(account) : []),
  ];
}

/** Statements that let the role of the synthetic check sign users in, and no other role. */
function signIn({ account, environment }: WorkloadBoundaryProps): object[] {
  const checkRole = `arn:aws:iam::${account}:role/streamflow-${environment}-synthetic-check-function-role`;
  return [
    { Effect: "Allow", Action: SIGN_IN_ACTIONS, Resource: "*" },
    deny("OnlyTheCheckSignsIn", SIGN_IN_ACTIONS, {
      Resource: "*",
      Condition: { ArnNotLike: { "aws:PrincipalArn": checkRole } },
    }),
  ];
}

/** Statements that deny deletion of data. */
function dataProtection(account: string): object[] {
  const deletions = DELETION_ACTIONS.filter((action) => action !== DELETE_SNAPSHOT_ACTION);
  const backups = `arn:aws:rds:*:${account}:snapshot:awsbackup:*`;
  return [
    deny("NoDataIsEnded", deletions, { Resource: "*" }),
    // AWS Backup deletes its own recovery points after their retention.
    deny("NoSnapshotIsEnded", [DELETE_SNAPSHOT_ACTION], { NotResource: [backups] }),
  ];
}

function deny(Sid: string, Action: string[], where: object): object {
  return { Sid, Effect: "Deny", Action, ...where };
}

const DELETE_SNAPSHOT_ACTION = "rds:DeleteDBSnapshot";
