import { asksOf } from "../../../../packages/embedded-aws/permissions/call";
import { controlAsks } from "../../../../packages/embedded-aws/permissions/control-call";
import type { RoleCall } from "../../../../packages/embedded-aws/permissions/role-call";

const call = (more: Partial<RoleCall>): RoleCall => ({
  number: 1,
  role: "arn:aws:iam::1:role/r",
  region: "us-east-1",
  service: "s3",
  operation: "",
  presigned: false,
  method: "GET",
  path: "/",
  headers: [],
  names: {},
  keys: [],
  tagged: false,
  passedRoles: [],
  boundary: "",
  ...more,
});
const described = (asks: readonly { readonly action: string; readonly resource: string }[]) =>
  asks.map(({ action, resource }) => `${action} ${resource}`);
const asked = (more: Partial<RoleCall>) => described(asksOf(call(more), "1"));
const askedByTerraform = (more: Partial<RoleCall>) => described(controlAsks(call(more), "1"));

const OBJECT = { Bucket: "b", Key: "stream/1/master.m3u8" };
const OBJECT_ARN = "arn:aws:s3:::b/stream/1/master.m3u8";

test.each([
  ["GetObject", {}, "s3:GetObject"],
  ["GetObject", { VersionId: "v" }, "s3:GetObjectVersion"],
  ["HeadObject", {}, "s3:GetObject"],
  ["PutObject", {}, "s3:PutObject"],
  ["UploadPart", {}, "s3:PutObject"],
  ["CreateMultipartUpload", {}, "s3:PutObject"],
  ["CompleteMultipartUpload", {}, "s3:PutObject"],
  ["ListParts", {}, "s3:ListMultipartUploadParts"],
  ["AbortMultipartUpload", {}, "s3:AbortMultipartUpload"],
  ["DeleteObject", {}, "s3:DeleteObject"],
  ["DeleteObject", { VersionId: "v" }, "s3:DeleteObjectVersion"],
  ["GetObjectTagging", { VersionId: "v" }, "s3:GetObjectVersionTagging"],
])("%s of an object with %j asks for %s", (operation, more, action) => {
  expect(asked({ operation, names: { ...OBJECT, ...more } })).toEqual([`${action} ${OBJECT_ARN}`]);
});

test("an object that is written with tags asks for both", () => {
  const headers = ["x-amz-tagging"];
  expect(asked({ operation: "PutObject", names: OBJECT, headers })).toEqual([
    `s3:PutObject ${OBJECT_ARN}`,
    `s3:PutObjectTagging ${OBJECT_ARN}`,
  ]);
});

test("a list asks for the bucket, and says below which prefix", () => {
  const names = { Bucket: "b", Prefix: "stream/1/" };
  const [list] = asksOf(call({ operation: "ListObjectsV2", names }), "1");
  expect(list).toMatchObject({ action: "s3:ListBucket", resource: "arn:aws:s3:::b" });
  expect(list?.context).toMatchObject({ "s3:prefix": "stream/1/", "aws:securetransport": "true" });
});

test("deleting many asks for each of them", () => {
  const keys = [{ key: "stream/1/a" }, { key: "stream/1/b", version: "v" }];
  expect(asked({ operation: "DeleteObjects", names: { Bucket: "b" }, keys })).toEqual([
    "s3:DeleteObject arn:aws:s3:::b/stream/1/a",
    "s3:DeleteObjectVersion arn:aws:s3:::b/stream/1/b",
  ]);
});

test("calls of other services ask for what their parameters name", () => {
  const QueueUrl = "http://127.0.0.1:1/1/media";
  expect(asked({ service: "sqs", operation: "DeleteMessageBatch", names: { QueueUrl } })).toEqual([
    "sqs:DeleteMessage arn:aws:sqs:us-east-1:1:media",
  ]);
  const SecretId = "arn:aws:secretsmanager:us-east-1:1:secret:s";
  expect(asked({ service: "secretsmanager", operation: "GetSecretValue", names: { SecretId } })).toEqual([
    `secretsmanager:GetSecretValue ${SecretId}`,
  ]);
  const names = { logGroupName: "g", logStreamName: "s" };
  expect(asked({ service: "logs", operation: "PutLogEvents", names })).toEqual([
    "logs:PutLogEvents arn:aws:logs:us-east-1:1:log-group:g:log-stream:s",
  ]);
  expect(asked({ service: "xray", operation: "PutTraceSegments" })).toEqual(["xray:PutTraceSegments *"]);
  const UserPoolId = "us-east-1_a";
  expect(asked({ service: "cognito-idp", operation: "AdminCreateUser", names: { UserPoolId } })).toEqual([
    `cognito-idp:AdminCreateUser arn:aws:cognito-idp:us-east-1:1:userpool/${UserPoolId}`,
  ]);
  const DistributionId = "E1";
  expect(
    asked({ service: "cloudfront", operation: "CreateInvalidation", names: { DistributionId } }),
  ).toEqual([`cloudfront:CreateInvalidation arn:aws:cloudfront::1:distribution/${DistributionId}`]);
  expect(asked({ service: "sts", operation: "GetCallerIdentity" })).toEqual([]);
});

const BUCKET = { Bucket: "b" };
const ROLE = { RoleName: "r" };

test.each([
  [{ operation: "GetBucketEncryption", names: BUCKET }, "s3:GetEncryptionConfiguration arn:aws:s3:::b"],
  [{ operation: "PutBucketCors", names: BUCKET }, "s3:PutBucketCORS arn:aws:s3:::b"],
  [{ operation: "DeletePublicAccessBlock", names: BUCKET }, "s3:PutBucketPublicAccessBlock arn:aws:s3:::b"],
  [{ operation: "HeadBucket", names: BUCKET }, "s3:ListBucket arn:aws:s3:::b"],
  [
    { operation: "GetObjectTagging", names: { ...OBJECT, VersionId: "v" } },
    `s3:GetObjectVersionTagging ${OBJECT_ARN}`,
  ],
  [{ service: "monitoring", operation: "DescribeAlarms" }, "cloudwatch:DescribeAlarms *"],
  [
    { service: "apigateway", operation: "GetRestApi", path: "/restapis/a" },
    "apigateway:GET arn:aws:apigateway:us-east-1::/restapis/a",
  ],
  [{ service: "budgets", operation: "DescribeBudget" }, "budgets:ViewBudget *"],
  [{ service: "budgets", operation: "CreateBudget" }, "budgets:ModifyBudget *"],
  [{ service: "lambda", operation: "CreateFunction" }, "lambda:CreateFunction *"],
  [{ service: "iam", operation: "GetRole", names: ROLE }, "iam:GetRole arn:aws:iam::1:role/r"],
  [
    { service: "iam", operation: "AttachRolePolicy", names: { ...ROLE, PolicyArn: "arn:p" } },
    "iam:AttachRolePolicy arn:aws:iam::1:role/r",
  ],
  [
    { service: "iam", operation: "CreatePolicy", names: { PolicyName: "p" } },
    "iam:CreatePolicy arn:aws:iam::1:policy/p",
  ],
])("a call of Terraform, %j, asks for %s", (more, wanted) => {
  expect(askedByTerraform(more)).toEqual([wanted]);
});

test("the tags of a function need a permission of their own", () => {
  expect(askedByTerraform({ service: "lambda", operation: "GetFunction" })).toEqual([
    "lambda:GetFunction *",
    "lambda:ListTags *",
  ]);
});

test.each([
  [{ FunctionName: "f", Qualifier: "7" }, "f:7"],
  [{ FunctionName: "f:live" }, "f:live"],
  [{ FunctionName: "arn:aws:lambda:us-east-1:1:function:f", Qualifier: "live" }, "f:live"],
  [{ FunctionName: "f" }, "f"],
])("an invocation of %j asks for the function, or its version or alias", (names, resource) => {
  expect(askedByTerraform({ service: "lambda", operation: "Invoke", names })).toEqual([
    `lambda:InvokeFunction arn:aws:lambda:us-east-1:1:function:${resource}`,
  ]);
});

test("a role that a request hands to a service asks for iam:PassRole to that service", () => {
  const passedRoles = ["arn:aws:iam::1:role/media"];
  const asks = controlAsks(call({ service: "lambda", operation: "CreateFunction", passedRoles }), "1");
  expect(described(asks)).toEqual(["lambda:CreateFunction *", "iam:PassRole arn:aws:iam::1:role/media"]);
  expect(asks[1]?.context).toEqual({ "iam:passedtoservice": "lambda.amazonaws.com" });
});

test("the service that gets the role of an unknown operation is not guessed at", () => {
  const passedRoles = ["arn:aws:iam::1:role/media"];
  expect(() => askedByTerraform({ service: "lambda", operation: "TagResource", passedRoles })).toThrow(
    "lambda TagResource hands over a role: add the service that gets it to",
  );
});

test.each([
  [
    "the boundary that a role is made with",
    { operation: "CreateRole", names: { ...ROLE, PermissionsBoundary: "arn:b" } },
  ],
  ["the boundary that a role has", { operation: "PutRolePolicy", names: ROLE, boundary: "arn:b" }],
])("%s is a condition", (_what, more) => {
  const [ask] = controlAsks(call({ service: "iam", ...more }), "1");
  expect(ask?.context).toEqual({ "iam:permissionsboundary": "arn:b" });
});

/** What operations ask for besides their own action. */
const CAUSED: readonly (readonly [what: string, call: Partial<RoleCall>, asks: readonly string[]])[] = [
  [
    "a web ACL on a stage",
    {
      service: "wafv2",
      operation: "AssociateWebACL",
      names: { ResourceArn: "arn:aws:apigateway:us-east-1::/restapis/a/stages/b" },
    },
    ["apigateway:SetWebACL arn:aws:apigateway:us-east-1::/restapis/a/stages/b"],
  ],
  [
    "a web ACL taken from a load balancer",
    {
      service: "wafv2",
      operation: "DisassociateWebACL",
      names: { ResourceArn: "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/b" },
    },
    ["elasticloadbalancing:SetWebAcl *"],
  ],
  [
    "logs of a web ACL",
    { service: "wafv2", operation: "PutLoggingConfiguration" },
    [
      ...["Create", "Get", "Update", "Delete"].map((one) => `logs:${one}LogDelivery *`),
      ...["ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"].map(
        (one) => `logs:${one} *`,
      ),
      "iam:CreateServiceLinkedRole arn:aws:iam::1:role/aws-service-role/wafv2.amazonaws.com/AWSServiceRoleForWAFV2Logging",
    ],
  ],
  ["their end", { service: "wafv2", operation: "DeleteLoggingConfiguration" }, ["logs:DeleteLogDelivery *"]],
  [
    "logs of a distribution",
    {
      service: "logs",
      operation: "PutDeliverySource",
      names: { resourceArn: "arn:aws:cloudfront::1:distribution/E" },
    },
    ["cloudfront:AllowVendedLogDeliveryForResource *"],
  ],
  ["flow logs", { service: "ec2", operation: "CreateFlowLogs" }, ["logs:CreateLogDelivery *"]],
  ["the end of flow logs", { service: "ec2", operation: "DeleteFlowLogs" }, ["logs:DeleteLogDelivery *"]],
  [
    "an endpoint with private names",
    { service: "ec2", operation: "CreateVpcEndpoint", names: { PrivateDnsEnabled: "True" } },
    ["route53:AssociateVPCWithHostedZone *"],
  ],
  [
    "an endpoint without",
    { service: "ec2", operation: "CreateVpcEndpoint", names: { PrivateDnsEnabled: "False" } },
    [],
  ],
  [
    "a database whose password RDS manages",
    { service: "rds", operation: "CreateDBInstance", names: { ManageMasterUserPassword: "True" } },
    [
      ...["CreateSecret", "TagResource"].map((one) => `secretsmanager:${one} *`),
      ...["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey"].map((one) => `kms:${one} *`),
      "iam:CreateServiceLinkedRole arn:aws:iam::1:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
    ],
  ],
  [
    "a backup vault",
    { service: "backup", operation: "CreateBackupVault" },
    [
      "backup-storage:MountCapsule *",
      ...["RetireGrant", "CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey"].map(
        (one) => `kms:${one} *`,
      ),
    ],
  ],
  [
    "scaling of an ECS service",
    {
      service: "application-autoscaling",
      operation: "RegisterScalableTarget",
      names: { ServiceNamespace: "ecs" },
    },
    [
      "ecs:DescribeServices *",
      "ecs:UpdateService *",
      "iam:CreateServiceLinkedRole arn:aws:iam::1:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
    ],
  ],
  ["tags of a topic", { service: "sns", operation: "CreateTopic", tagged: true }, ["sns:TagResource *"]],
  ["tags of a queue", { service: "sqs", operation: "CreateQueue", tagged: true }, ["sqs:TagQueue *"]],
  ["tags of a VPC", { service: "ec2", operation: "CreateVpc", tagged: true }, ["ec2:CreateTags *"]],
  [
    "tags of an alarm",
    { service: "monitoring", operation: "PutMetricAlarm", tagged: true },
    ["cloudwatch:TagResource *"],
  ],
  [
    "tags of an API",
    { service: "apigateway", operation: "CreateRestApi", method: "POST", path: "/restapis", tagged: true },
    ["apigateway:PUT arn:aws:apigateway:us-east-1::/tags/*"],
  ],
  [
    "tags of a role",
    { service: "iam", operation: "CreateRole", names: ROLE, tagged: true },
    ["iam:TagRole arn:aws:iam::1:role/r"],
  ],
  ["tags alone", { service: "sns", operation: "TagResource", tagged: true }, []],
  ["the end of tags", { service: "ec2", operation: "DeleteTags", tagged: true }, []],
];

test.each(CAUSED)("%s: asks for that too", (_what, more, asks) => {
  expect(askedByTerraform(more).slice(1)).toEqual(asks);
});

test("keys are used by the service that the call is to", () => {
  const asks = controlAsks(call({ service: "backup", operation: "CreateBackupVault" }), "1");
  const context = {
    "kms:viaservice": "backup.us-east-1.amazonaws.com",
    "kms:grantisforawsresource": "true",
  };
  expect(asks.find(({ action }) => action === "kms:CreateGrant")?.context).toEqual(context);
});

test("the action for tags of an unknown service is not guessed at", () => {
  expect(() => askedByTerraform({ service: "dynamodb", operation: "CreateTable", tagged: true })).toThrow(
    "dynamodb CreateTable has tags: add its action",
  );
});

test("a call of Terraform whose operation nobody knows is not guessed at", () => {
  expect(() => controlAsks(call({ service: "lambda", path: "/new" }), "1")).toThrow(
    "unknown call lambda GET /new:",
  );
});

test.each([
  ["another service", { service: "dynamodb", operation: "GetItem" }, "dynamodb GetItem"],
  ["a queue that is not named", { service: "sqs", operation: "ListQueues" }, "sqs ListQueues"],
  ["an operation that no model knows", { path: "/b/x" }, "s3 GET /b/x"],
  ["a copy", { operation: "CopyObject", names: OBJECT }, "s3 CopyObject"],
  [
    "an access control list",
    { operation: "PutObject", names: OBJECT, headers: ["x-amz-acl"] },
    "s3 PutObject",
  ],
])("%s is not guessed at", (_what, more, operation) => {
  expect(() => asked(more)).toThrow(`unknown call ${operation}:`);
});
