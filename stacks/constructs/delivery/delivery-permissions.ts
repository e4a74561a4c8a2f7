import type { RepositoryIds } from "./settings";
import { DELETION_ACTIONS, workloadBoundaryArn } from "./workload-boundary";

export interface DeliveryRolesProps {
  readonly account: string;
  /** The environment, as GitHub calls it too. */
  readonly environment: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly repositoryIds?: RepositoryIds | undefined;
  readonly providerArn: string;
  readonly stateBucketArn: string;
  /** Key of the environment's state in the bucket. */
  readonly stateKey: string;
  /** Keys of the states beside it: the foundation's, and those of other environments in the account. */
  readonly otherStateKeys: readonly string[];
  /** ARNs of the objects in S3 that the environment's stack manages: each plan reads them. */
  readonly managedObjectArns: readonly string[];
  /** Whether the apply role may delete what holds data. */
  readonly protect: boolean;
}

/** Services that an environment is made of, as IAM calls them. */
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
 * A Grafana workspace signs people in by IAM Identity Center, and is made an application there.
 * Source: https://docs.aws.amazon.com/grafana/latest/userguide/AMG-manage-permissions.html
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

/** Roles that the pipeline makes and passes on: those of its environment. */
const ownRoles = ({ account, environment }: DeliveryRolesProps): string =>
  `arn:aws:iam::${account}:role/streamflow-${environment}-*`;

/** Reading the state of the environment, and taking the lock beside it. */
export function readState({ stateBucketArn, stateKey }: DeliveryRolesProps): object[] {
  const state = `${stateBucketArn}/${stateKey}`;
  return [
    { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [stateBucketArn] },
    { Effect: "Allow", Action: ["s3:GetObject"], Resource: [state, `${state}.tflock`] },
    { Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: [`${state}.tflock`] },
  ];
}

/** Reading and writing the state of the environment. */
export function writeState(props: DeliveryRolesProps): object[] {
  const state = `${props.stateBucketArn}/${props.stateKey}`;
  return [...readState(props), { Effect: "Allow", Action: ["s3:PutObject"], Resource: [state] }];
}

/** What reads, or lets others read, what users and programs wrote: no deployment needs it. */
const DATA_ACTIONS = [
  "cognito-idp:Admin*",
  "cognito-idp:ListUsers*",
  "ecs:ExecuteCommand",
  "logs:FilterLogEvents",
  "logs:GetLogEvents",
  "logs:GetQueryResults",
  "logs:StartLiveTail",
  "logs:StartQuery",
  "rds:DownloadCompleteDBLogFile",
  "rds:DownloadDBLogFilePortion",
  "rds:ModifyDBSnapshotAttribute",
  "secretsmanager:BatchGetSecretValue",
  "secretsmanager:GetSecretValue",
  "sqs:PurgeQueue",
  "sqs:ReceiveMessage",
];

/** Denies reading data: videos, messages, logs, secrets, users. The environment's own state stays readable. */
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

/** Everything that an environment is made of, and roles under its own name only. */
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
      // Who could give a role more than the boundary holds could give it more than the pipeline has.
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
 * The apply role can neither change itself nor, where data is protected, end it; and no role that it makes can do
 * more than the workload boundary, which it can't take off.
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
