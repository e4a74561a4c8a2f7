import type { RepositoryIds } from "./settings";
import { DELETION_ACTIONS, workloadBoundaryArn } from "./workload-boundary";

export interface DeliveryRolesProps {
  readonly account: string;
  /** Name of the environment, also in GitHub. */
  readonly environment: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly repositoryIds?: RepositoryIds | undefined;
  readonly providerArn: string;
  readonly stateBucketArn: string;
  /** Key of the environment's state in the bucket. */
  readonly stateKey: string;
  /** Keys of other states in the bucket: the foundation's and other environments'. */
  readonly otherStateKeys: readonly string[];
  /** ARNs of S3 objects in the environment's stack, which each plan reads. */
  readonly managedObjectArns: readonly string[];
  /** Data is protected: the apply role can't delete it. */
  readonly protect: boolean;
}

/** IAM prefixes of an environment's services. */
const SERVICE_PREFIXES = [
  "acm",
  "amplify",
  "apigateway",
  "application-autoscaling",
  "backup",
  "backup-storage",
  "budgets",
  "cloudfront",
  "cloudwatch",
  "cognito-idp",
  "ec2",
  "ecr",
  "ecs",
  "elasticache",
  "elasticloadbalancing",
  "events",
  "grafana",
  "kms",
  "lambda",
  "logs",
  "rds",
  "route53",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
  "tag",
  "wafv2",
  "xray",
];

/**
 * Actions to register a Grafana workspace as an application of IAM Identity Center. Source:
 * https://docs.aws.amazon.com/grafana/latest/userguide/AMG-manage-permissions.html
 */
const IDENTITY_CENTER_ACTIONS = [
  "organizations:DescribeOrganization",
  "sso:CreateManagedApplicationInstance",
  "sso:DeleteManagedApplicationInstance",
  "sso:DescribeRegisteredRegions",
  "sso:GetManagedApplicationInstance",
  "sso:GetSharedSsoConfiguration",
  "sso:ListDirectoryAssociations",
];

/** ARNs of roles that the pipeline creates and passes. */
const ownRoles = ({ account, environment }: DeliveryRolesProps): string =>
  `arn:aws:iam::${account}:role/streamflow-${environment}-*`;

/** Reading the state of the environment, and taking the lock beside it. */
export function lockAndReadState({ stateBucketArn, stateKey }: DeliveryRolesProps): object[] {
  const state = `${stateBucketArn}/${stateKey}`;
  return [
    { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [stateBucketArn] },
    { Effect: "Allow", Action: ["s3:GetObject"], Resource: [state, `${state}.tflock`] },
    { Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: [`${state}.tflock`] },
  ];
}

/** Read and write access to the environment's state. */
export function writeState(props: DeliveryRolesProps): object[] {
  const state = `${props.stateBucketArn}/${props.stateKey}`;
  return [...lockAndReadState(props), { Effect: "Allow", Action: ["s3:PutObject"], Resource: [state] }];
}

/**
 * Actions that read what users and programs wrote, or let others read it. No deployment needs them. Code that the role
 * deploys can still read what its own role allows.
 */
const DATA_ACTIONS = [
  "cognito-idp:Admin*",
  "cognito-idp:ListUsers*",
  "ecs:ExecuteCommand",
  "logs:CreateExportTask",
  "logs:FilterLogEvents",
  "logs:GetLogEvents",
  "logs:GetLogRecord",
  "logs:GetQueryResults",
  "logs:PutSubscriptionFilter",
  "logs:StartLiveTail",
  "logs:StartQuery",
  "logs:Unmask",
  "rds:DownloadCompleteDBLogFile",
  "rds:DownloadDBLogFilePortion",
  "rds:ModifyDBSnapshotAttribute",
  "rds:StartExportTask",
  // Requests through an access point name its ARN, which statements about the bucket do not match.
  "s3:CreateAccessPoint",
  "secretsmanager:BatchGetSecretValue",
  "secretsmanager:GetSecretValue",
  "secretsmanager:PutResourcePolicy",
  "sqs:ReceiveMessage",
];

/** Denies reading videos, messages, logs, secrets and users. The state and the objects that the stack manages stay readable. */
function noDataIsRead({ stateBucketArn, stateKey, managedObjectArns }: DeliveryRolesProps): object[] {
  const state = `${stateBucketArn}/${stateKey}`;
  return [
    { Sid: "NoDataIsRead", Effect: "Deny", Action: DATA_ACTIONS, Resource: "*" },
    {
      Sid: "NoObjectsAreRead",
      Effect: "Deny",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      NotResource: [state, `${state}.tflock`, ...managedObjectArns],
    },
  ];
}

/** All actions on the environment's services, and on roles with its name prefix. */
export function applyPermissions(props: DeliveryRolesProps): object[] {
  return [
    {
      Effect: "Allow",
      Action: [...SERVICE_PREFIXES.map((service) => `${service}:*`), ...IDENTITY_CENTER_ACTIONS],
      Resource: "*",
    },
    {
      Effect: "Allow",
      Action: [
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:PassRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
      ],
      Resource: [ownRoles(props)],
    },
    {
      // A role above this boundary could have more permissions than the pipeline.
      Effect: "Allow",
      Action: [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ],
      Resource: [ownRoles(props)],
      Condition: {
        StringEquals: { "iam:PermissionsBoundary": workloadBoundaryArn(props) },
      },
    },
    {
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole"],
      Resource: [`arn:aws:iam::${props.account}:role/aws-service-role/*`],
    },
  ];
}

/**
 * The apply role's boundary: it can't change itself or delete protected data, and every role that it creates has the
 * workload boundary, which it can't remove.
 */
export function boundary(props: DeliveryRolesProps): object[] {
  const noDataIsEnded = { Sid: "NoDataIsEnded", Effect: "Deny", Action: DELETION_ACTIONS, Resource: "*" };
  return [
    {
      Effect: "Allow",
      Action: [...[...SERVICE_PREFIXES, "iam"].map((service) => `${service}:*`), ...IDENTITY_CENTER_ACTIONS],
      Resource: "*",
    },
    {
      Sid: "BoundariesStay",
      Effect: "Deny",
      Action: ["iam:DeleteRolePermissionsBoundary"],
      Resource: "*",
    },
    {
      Sid: "NotItself",
      Effect: "Deny",
      Action: ["iam:*"],
      Resource: [
        `arn:aws:iam::${props.account}:role/streamflow-foundation-*`,
        `arn:aws:iam::${props.account}:policy/streamflow-foundation-*`,
        `arn:aws:iam::${props.account}:oidc-provider/*`,
        `arn:aws:iam::${props.account}:user/*`,
      ],
    },
    {
      Sid: "NotOtherStates",
      Effect: "Deny",
      Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"],
      Resource: props.otherStateKeys.map((key) => `${props.stateBucketArn}/${key}`),
    },
    {
      // No setting of the bucket, such as its policy, versions, lifecycle or replication; and no earlier state.
      Sid: "NotTheStateBucket",
      Effect: "Deny",
      Action: ["s3:Delete*", "s3:Put*"],
      Resource: [props.stateBucketArn],
    },
    {
      Sid: "NoEarlierStates",
      Effect: "Deny",
      Action: ["s3:DeleteObjectVersion"],
      Resource: [`${props.stateBucketArn}/*`],
    },
    ...noDataIsRead(props),
    ...(props.protect ? [noDataIsEnded] : []),
  ];
}
