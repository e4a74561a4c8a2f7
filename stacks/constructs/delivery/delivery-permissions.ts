import { imageRepositoryName } from "../compute/image-repository";
import { optional } from "../../lib/optional";
import { BUCKET_READS } from "./plan-reads";
import { RECORDED_ACTIONS } from "./recorded-actions";
import { auditBucketName } from "./state-audit";
import { UNRECORDED_ACTIONS } from "./unrecorded-actions";
import type { WebIdentity } from "./web-identities";
import { DELETION_ACTIONS, workloadBoundaryArn } from "./workload-boundary";

/** A state in S3. */
export interface StateInBucket {
  readonly bucketArn: string;
  readonly key: string;
  /** Keys of other states in the bucket: the foundation's and other environments'. */
  readonly otherKeys: readonly string[];
}

export interface DeliveryRolesProps {
  readonly account: string;
  /** Name of the environment, or a pattern of names. */
  readonly environment: string;
  /** Who can assume the roles. */
  readonly identities: readonly WebIdentity[];
  /** The environment's state in S3; undefined if it is in Terraform Cloud. */
  readonly state: StateInBucket | undefined;
  /** ARNs of S3 objects in the environment's stack, which each plan reads. */
  readonly managedObjectArns: readonly string[];
  /** ARN pattern of the objects in S3 that a deployment publishes. */
  readonly publishedFilesArn: string;
  /** Data is protected: the apply role can't delete it. */
  readonly protect: boolean;
  /** The apply role also destroys the environment, and finds what is left by its tags. */
  readonly destroys?: boolean;
}

/** Services of each of the apply role's managed policies: IAM allows 6,144 characters in one. */
const POLICY_SERVICES = {
  data: ["backup", "backup-storage", "cognito-idp", "elasticache", "kms", "rds", "secretsmanager", "sqs"],
  edge: ["acm", "amplify", "cloudfront", "ec2", "elasticloadbalancing", "route53", "wafv2"],
  operations: [
    "application-autoscaling",
    "budgets",
    "cloudwatch",
    "ecs",
    "events",
    "grafana",
    "lambda",
    "logs",
    "organizations",
    "scheduler",
    "sns",
    "sso",
    "sso-directory",
    "xray",
  ],
} as const;

type ApplyPolicy = keyof typeof POLICY_SERVICES;

const BUCKET_ACTIONS = [
  ...BUCKET_READS,
  "CreateBucket",
  "PutBucketCORS",
  "PutBucketLogging",
  "PutBucketNotification",
  "PutBucketOwnershipControls",
  "PutBucketPolicy",
  "PutBucketPublicAccessBlock",
  "PutBucketTagging",
  "PutBucketVersioning",
  "PutEncryptionConfiguration",
  "PutLifecycleConfiguration",
  "PutReplicationConfiguration",
];

/** Services about identities of the whole organization: the boundary names their actions too. */
const IDENTITY_SERVICES = ["organizations", "sso", "sso-directory"];

/** The services that the apply role can be granted. */
const BOUNDARY_SERVICES = [...Object.values(POLICY_SERVICES).flat(), "apigateway", "iam", "s3"]
  .filter((service) => !IDENTITY_SERVICES.includes(service))
  .sort();

/** Services of the stacks that work in an account by a role of their own, if someone deleted one of the foundation's. */
const LINKED_SERVICES = [
  "backup",
  "ecs",
  "ecs.application-autoscaling",
  "elasticache",
  "elasticloadbalancing",
  "grafana",
  "rds",
  "wafv2",
];

/**
 * Services to which a deployment hands roles: those that the roles' trust policies name. An operation hands a role to
 * one service only, see `packages/embedded-aws/permissions/passed-roles.ts`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_PassedToService
 */
const PASSED_TO_SERVICES = [
  "backup.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "grafana.amazonaws.com",
  "lambda.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "s3.amazonaws.com",
  "scheduler.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/** ARNs of roles that the pipeline creates and passes. */
const ownRoles = ({ account, environment }: DeliveryRolesProps): string =>
  `arn:aws:iam::${account}:role/streamflow-${environment}-*`;

/** Reading the state of the environment in S3, and taking the lock beside it. */
export function lockAndReadState({ state }: DeliveryRolesProps): object[] {
  if (state === undefined) return [];
  const { bucketArn } = state;
  const [object, lock] = objectsOf(state);
  return [
    { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucketArn] },
    { Effect: "Allow", Action: ["s3:GetObject"], Resource: [object, lock] },
    { Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: [lock] },
  ];
}

/** ARNs of a state and of its lock. */
function objectsOf({ bucketArn, key }: StateInBucket): [state: string, lock: string] {
  return [`${bucketArn}/${key}`, `${bucketArn}/${key}.tflock`];
}

/** Read and write access to the environment's state in S3. */
export function writeState(props: DeliveryRolesProps): object[] {
  if (props.state === undefined) return [];
  const [object] = objectsOf(props.state);
  return [...lockAndReadState(props), { Effect: "Allow", Action: ["s3:PutObject"], Resource: [object] }];
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
function noDataIsRead({ state, managedObjectArns }: DeliveryRolesProps): object[] {
  return [
    { Sid: "NoDataIsRead", Effect: "Deny", Action: DATA_ACTIONS, Resource: "*" },
    {
      Sid: "NoObjectsAreRead",
      Effect: "Deny",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      NotResource: [...(state === undefined ? [] : objectsOf(state)), ...managedObjectArns],
    },
  ];
}

/** Named actions on the environment's resources, as statements of four managed policies. */
export function applyPermissions(
  props: DeliveryRolesProps,
): Readonly<Record<ApplyPolicy | "roles", object[]>> {
  const narrowed = [...bucketPermissions(props), ...edgePermissions(), ...usePermissions(props)];
  const elsewhere = new Set(narrowed.flatMap(({ Action }) => Action));
  const anyResource = (policy: ApplyPolicy): Allow =>
    allow(
      actionsOf(POLICY_SERVICES[policy]).filter((action) => !elsewhere.has(action)),
      ["*"],
    );
  return {
    data: [anyResource("data"), ...bucketPermissions(props), ...usePermissions(props)],
    edge: [anyResource("edge"), ...edgePermissions()],
    operations: [anyResource("operations")],
    roles: rolePermissions(props),
  };
}

interface Allow {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: object;
}

function allow(Action: readonly string[], Resource: readonly string[], Condition?: object): Allow {
  return { Effect: "Allow", Action, Resource, ...optional({ Condition }) };
}

/** Recorded and unrecorded actions of services. */
function actionsOf(services: readonly string[]): string[] {
  const unrecorded = UNRECORDED_ACTIONS.flatMap(({ actions }) => actions);
  return services.flatMap((service) =>
    [
      ...(RECORDED_ACTIONS[service] ?? []).map((name) => `${service}:${name}`),
      ...unrecorded.filter((action) => action.startsWith(`${service}:`)),
    ].sort(),
  );
}

/** Buckets with the environment's name prefix, and the few objects in them that a deployment writes. */
function bucketPermissions({
  environment,
  protect,
  managedObjectArns,
  publishedFilesArn,
}: DeliveryRolesProps) {
  const own = `arn:aws:s3:::streamflow-${environment}-*`;
  const deletions = [
    allow(["s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:ListBucketVersions"], [own]),
    // A bucket can be deleted only without objects.
    allow(["s3:DeleteObject", "s3:DeleteObjectVersion"], [`${own}/*`]),
  ];
  return [
    allow(
      BUCKET_ACTIONS.map((name) => `s3:${name}`),
      [own],
    ),
    allow(
      ["s3:DeleteObject", "s3:GetObject", "s3:GetObjectTagging", "s3:PutObjectTagging"],
      managedObjectArns,
    ),
    allow(["s3:PutObject"], [publishedFilesArn]),
    ...(protect ? [] : deletions),
  ];
}

/** API Gateway names methods and paths of its API, also for tags. */
function edgePermissions(): Allow[] {
  const apis = ["arn:aws:apigateway:*::/restapis", "arn:aws:apigateway:*::/restapis/*"];
  return [
    allow(
      ["DELETE", "GET", "PATCH", "POST", "PUT"].map((method) => `apigateway:${method}`),
      apis,
    ),
    allow(["apigateway:PUT", "apigateway:DELETE"], ["arn:aws:apigateway:*::/tags/*"]),
    allow(["apigateway:SetWebACL"], ["arn:aws:apigateway:*::/restapis/*/stages/*"]),
  ];
}

/** The login to the account's registry, which has no ARN. */
const REGISTRY_LOGIN = "ecr:GetAuthorizationToken";

/** Actions by which a registry's client finds and pushes an image, all on the repository. */
const PUSH_ACTIONS = [
  "BatchCheckLayerAvailability",
  "BatchGetImage",
  "CompleteLayerUpload",
  "DescribeImages",
  "InitiateLayerUpload",
  "PutImage",
  "UploadLayerPart",
].map((name) => `ecr:${name}`);

/** Finding what carries an environment's tags. The action takes no resource. */
const FIND_TAGGED = "tag:GetResources";

/** Use of keys by services on behalf of the role, the push of an image, and the one function that a deployment calls. */
function usePermissions({ account, environment, destroys = false }: DeliveryRolesProps): Allow[] {
  return [
    ...(destroys ? [allow([FIND_TAGGED], ["*"])] : []),
    allow([REGISTRY_LOGIN], ["*"]),
    allow(PUSH_ACTIONS, [`arn:aws:ecr:*:${account}:repository/${imageRepositoryName(environment)}`]),
    allow(["kms:CreateGrant"], ["*"], { Bool: { "kms:GrantIsForAWSResource": "true" } }),
    allow(["kms:Decrypt", "kms:GenerateDataKey", "kms:RetireGrant"], ["*"], {
      StringLike: { "kms:ViaService": "*.amazonaws.com" },
    }),
    // Its versions and aliases, which are resources of their own: https://github.com/aws/aws-cdk/issues/19273
    allow(
      ["lambda:InvokeFunction"],
      [`arn:aws:lambda:*:${account}:function:streamflow-${environment}-migrate:*`],
    ),
  ];
}

/** Roles with the environment's name prefix. */
function rolePermissions(props: DeliveryRolesProps): Allow[] {
  return [
    allow(
      [
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
      ],
      [ownRoles(props)],
    ),
    // Not to EC2, say: whoever logs in to an instance would have the role.
    allow(["iam:PassRole"], [ownRoles(props)], {
      StringEquals: { "iam:PassedToService": PASSED_TO_SERVICES },
    }),
    // A role above this boundary could have more permissions than the pipeline.
    allow(
      ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      [ownRoles(props)],
      { StringEquals: { "iam:PermissionsBoundary": workloadBoundaryArn(props) } },
    ),
    allow(
      ["iam:CreateServiceLinkedRole"],
      LINKED_SERVICES.map(
        (service) => `arn:aws:iam::${props.account}:role/aws-service-role/${service}.amazonaws.com/*`,
      ),
    ),
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
      // Whole services: the named actions of the role's own policies don't fit into one policy, and a boundary is one.
      Action: [
        ...BOUNDARY_SERVICES.map((service) => `${service}:*`),
        ...actionsOf(IDENTITY_SERVICES),
        REGISTRY_LOGIN,
        ...PUSH_ACTIONS,
        ...(props.destroys === true ? [FIND_TAGGED] : []),
      ],
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
    ...(props.state === undefined ? [] : otherStatesStay(props.state)),
    ...noDataIsRead(props),
    ...(props.protect ? [noDataIsEnded] : []),
  ];
}

/** Denies access to other states, and changes of the bucket, of its earlier versions and of its records. */
function otherStatesStay({ bucketArn, otherKeys }: StateInBucket): object[] {
  return [
    {
      Sid: "NotOtherStates",
      Effect: "Deny",
      Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"],
      Resource: otherKeys.map((key) => `${bucketArn}/${key}`),
    },
    {
      // No setting of the bucket, such as its policy, versions, lifecycle or replication; and no earlier state.
      Sid: "NotTheStateBucket",
      Effect: "Deny",
      Action: ["s3:Delete*", "s3:Put*"],
      Resource: [bucketArn],
    },
    {
      // The records of who used it, where there are any.
      Sid: "NotTheAudit",
      Effect: "Deny",
      Action: ["s3:*"],
      Resource: [auditBucketName(bucketArn), `${auditBucketName(bucketArn)}/*`],
    },
    {
      Sid: "NoEarlierStates",
      Effect: "Deny",
      Action: ["s3:DeleteObjectVersion"],
      Resource: [`${bucketArn}/*`],
    },
  ];
}
