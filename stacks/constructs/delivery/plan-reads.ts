/**
 * What a plan reads of AWS: settings of resources, and not their content. With AWS's ReadOnlyAccess, the plan of a pull
 * request could receive messages, read logs, list users and download the database's logs. It can still read the
 * variables of functions and the secrets of app clients; the stacks put no secret there.
 *
 * The lists are what Terraform was seen to ask for, see `__tests__/support/delivery-asks.json`; a test compares the two.
 * A new resource type adds its reads here.
 */
const READS: Readonly<Record<string, readonly string[]>> = {
  acm: ["DescribeCertificate", "ListTagsForCertificate"],
  amplify: ["GetApp", "GetBranch", "GetDomainAssociation"],
  "application-autoscaling": ["DescribeScalableTargets", "DescribeScalingPolicies", "ListTagsForResource"],
  backup: ["DescribeBackupVault", "GetBackupPlan", "GetBackupSelection", "ListTags"],
  budgets: ["ListTagsForResource", "ViewBudget"],
  cloudfront: [
    "GetCachePolicy",
    "GetDistribution",
    "GetKeyGroup",
    "GetOriginAccessControl",
    "GetOriginRequestPolicy",
    "GetPublicKey",
    "GetResponseHeadersPolicy",
    "ListTagsForResource",
  ],
  cloudwatch: ["DescribeAlarms", "GetDashboard", "ListTagsForResource"],
  "cognito-idp": ["DescribeUserPool", "DescribeUserPoolClient", "GetUserPoolMfaConfig"],
  ec2: [
    "DescribeAddresses",
    "DescribeAddressesAttribute",
    "DescribeFlowLogs",
    "DescribeInternetGateways",
    "DescribeNatGateways",
    "DescribeNetworkAcls",
    "DescribeNetworkInterfaces",
    "DescribePrefixLists",
    "DescribeRouteTables",
    "DescribeSecurityGroupRules",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeVpcAttribute",
    "DescribeVpcEndpoints",
    "DescribeVpcs",
  ],
  ecs: ["DescribeClusters", "DescribeServices", "DescribeTaskDefinition"],
  elasticache: [
    "DescribeCacheClusters",
    "DescribeCacheParameterGroups",
    "DescribeCacheParameters",
    "DescribeCacheSubnetGroups",
    "DescribeReplicationGroups",
    "DescribeUserGroups",
    "DescribeUsers",
    "ListTagsForResource",
  ],
  elasticloadbalancing: [
    "DescribeCapacityReservation",
    "DescribeListenerAttributes",
    "DescribeListeners",
    "DescribeLoadBalancerAttributes",
    "DescribeLoadBalancers",
    "DescribeTags",
    "DescribeTargetGroupAttributes",
    "DescribeTargetGroups",
  ],
  events: ["DescribeRule", "ListTagsForResource", "ListTargetsByRule"],
  grafana: [
    "DescribeWorkspace",
    "DescribeWorkspaceAuthentication",
    "DescribeWorkspaceConfiguration",
    "ListPermissions",
  ],
  kms: ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases", "ListResourceTags"],
  lambda: [
    "GetAlias",
    "GetEventSourceMapping",
    "GetFunction",
    "GetFunctionCodeSigningConfig",
    "GetFunctionEventInvokeConfig",
    "GetPolicy",
    // Without it GetFunction returns no tags, and every plan adds them again.
    "ListTags",
    "ListVersionsByFunction",
  ],
  logs: [
    "DescribeLogGroups",
    "GetDelivery",
    "GetDeliveryDestination",
    "GetDeliverySource",
    "ListTagsForResource",
  ],
  rds: [
    "DescribeDBInstances",
    "DescribeDBParameterGroups",
    "DescribeDBParameters",
    "DescribeDBSubnetGroups",
    "ListTagsForResource",
  ],
  route53: ["GetHostedZone", "ListResourceRecordSets"],
  scheduler: ["GetSchedule"],
  secretsmanager: ["DescribeSecret", "GetResourcePolicy"],
  sns: ["GetSubscriptionAttributes", "GetTopicAttributes", "ListSubscriptionsByTopic", "ListTagsForResource"],
  sqs: ["GetQueueAttributes", "ListQueueTags"],
  // A plan with Managed Grafana is refused without IAM Identity Center.
  sso: ["ListInstances"],
  wafv2: ["GetLoggingConfiguration", "GetWebACL", "GetWebACLForResource", "ListTagsForResource"],
  xray: ["GetGroup", "GetSamplingRules", "ListTagsForResource"],
};

const ROLE_READS = ["GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies"];

/** Settings of buckets that every plan reads. */
export const BUCKET_READS = [
  "GetAccelerateConfiguration",
  "GetBucketAcl",
  "GetBucketCORS",
  "GetBucketLogging",
  "GetBucketNotification",
  "GetBucketObjectLockConfiguration",
  "GetBucketOwnershipControls",
  "GetBucketPolicy",
  "GetBucketPublicAccessBlock",
  "GetBucketRequestPayment",
  "GetBucketTagging",
  "GetBucketVersioning",
  "GetBucketWebsite",
  "GetEncryptionConfiguration",
  "GetLifecycleConfiguration",
  "GetReplicationConfiguration",
  "ListBucket",
];

/** Whose resources a plan reads. */
export interface PlanReadsProps {
  readonly account: string;
  readonly environment: string;
  /** ARNs of the objects in S3 that the environment's stack manages. */
  readonly managedObjectArns: readonly string[];
}

/** Statements that let a role read what a plan of the environment reads. */
export function planReads({ account, environment, managedObjectArns }: PlanReadsProps): object[] {
  const own = `streamflow-${environment}-*`;
  const actions = Object.entries(READS).flatMap(([service, names]) =>
    names.map((name) => `${service}:${name}`),
  );
  return [
    // Names of many resources hold ids that AWS chooses, and lists take no resource.
    { Effect: "Allow", Action: actions, Resource: "*" },
    // Not the keys of an account's APIs, which are read by GET too.
    { Effect: "Allow", Action: ["apigateway:GET"], Resource: ["arn:aws:apigateway:*::/restapis/*"] },
    {
      Effect: "Allow",
      Action: ROLE_READS.map((name) => `iam:${name}`),
      Resource: [`arn:aws:iam::${account}:role/${own}`],
    },
    {
      Effect: "Allow",
      Action: BUCKET_READS.map((name) => `s3:${name}`),
      Resource: [`arn:aws:s3:::${own}`],
    },
    { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectTagging"], Resource: managedObjectArns },
  ];
}
