import { asksOf } from "../../../../packages/embedded-aws/permissions/call";
import { controlAsks } from "../../../../packages/embedded-aws/permissions/control-call";
import type { RoleCall } from "../../../../packages/embedded-aws/permissions/role-call";

const call = (more: Partial<RoleCall>): RoleCall => ({
  number: 1,
  role: "arn:aws:iam::1:role/r",
  region: "us-east-1",
  service: "s3",
  presigned: false,
  method: "GET",
  path: "/b/stream/1/master.m3u8",
  query: {},
  target: "",
  operation: "",
  headers: [],
  names: {},
  keys: [],
  ...more,
});
const asked = (more: Partial<RoleCall>) =>
  asksOf(call(more), "1").map(({ action, resource }) => `${action} ${resource}`);

const OBJECT = "arn:aws:s3:::b/stream/1/master.m3u8";

test.each([
  ["GET", { "x-id": "GetObject" }, "s3:GetObject"],
  ["GET", { versionId: "v", "x-id": "GetObject" }, "s3:GetObjectVersion"],
  ["HEAD", {}, "s3:GetObject"],
  ["PUT", { "x-id": "PutObject" }, "s3:PutObject"],
  ["PUT", { partNumber: "1", uploadId: "u" }, "s3:PutObject"],
  ["POST", { uploads: "" }, "s3:PutObject"],
  ["POST", { uploadId: "u" }, "s3:PutObject"],
  ["GET", { uploadId: "u", "max-parts": "1000" }, "s3:ListMultipartUploadParts"],
  ["DELETE", { uploadId: "u" }, "s3:AbortMultipartUpload"],
  ["DELETE", {}, "s3:DeleteObject"],
  ["DELETE", { versionId: "v" }, "s3:DeleteObjectVersion"],
])("%s of an object with %j asks for %s", (method, query, action) => {
  expect(asked({ method, query })).toEqual([`${action} ${OBJECT}`]);
});

test("a list has the bucket as resource, and the prefix as condition key", () => {
  const [list] = asksOf(call({ path: "/b", query: { "list-type": "2", prefix: "stream/1/" } }), "1");
  expect(list).toMatchObject({ action: "s3:ListBucket", resource: "arn:aws:s3:::b" });
  expect(list?.context).toMatchObject({ "s3:prefix": "stream/1/", "aws:securetransport": "true" });
});

test("deleting many asks for each of them", () => {
  const keys = [{ key: "stream/1/a" }, { key: "stream/1/b", version: "v" }];
  expect(asked({ method: "POST", path: "/b", query: { delete: "" }, keys })).toEqual([
    "s3:DeleteObject arn:aws:s3:::b/stream/1/a",
    "s3:DeleteObjectVersion arn:aws:s3:::b/stream/1/b",
  ]);
});

test("calls of other services ask for what their bodies name", () => {
  const QueueUrl = "http://127.0.0.1:1/1/media";
  expect(asked({ service: "sqs", target: "DeleteMessageBatch", names: { QueueUrl } })).toEqual([
    "sqs:DeleteMessage arn:aws:sqs:us-east-1:1:media",
  ]);
  const SecretId = "arn:aws:secretsmanager:us-east-1:1:secret:s";
  expect(asked({ service: "secretsmanager", target: "GetSecretValue", names: { SecretId } })).toEqual([
    `secretsmanager:GetSecretValue ${SecretId}`,
  ]);
  const names = { logGroupName: "g", logStreamName: "s" };
  expect(asked({ service: "logs", target: "PutLogEvents", names })).toEqual([
    "logs:PutLogEvents arn:aws:logs:us-east-1:1:log-group:g:log-stream:s",
  ]);
  expect(asked({ service: "xray", method: "POST", path: "/TraceSegments" })).toEqual([
    "xray:PutTraceSegments *",
  ]);
  expect(asked({ service: "sts", names: { Action: "GetCallerIdentity" } })).toEqual([]);
});

test.each([
  [{ path: "/b", query: { encryption: "" } }, "s3:GetEncryptionConfiguration arn:aws:s3:::b"],
  [{ method: "HEAD", path: "/b/static/config.json" }, "s3:GetObject arn:aws:s3:::b/static/config.json"],
  [{ query: { tagging: "", versionId: "v" } }, `s3:GetObjectVersionTagging ${OBJECT}`],
  [{ service: "monitoring", operation: "DescribeAlarms" }, "cloudwatch:DescribeAlarms *"],
  [{ service: "apigateway", operation: "GetRestApi" }, "apigateway:GET *"],
  [{ service: "budgets", operation: "DescribeBudget" }, "budgets:ViewBudget *"],
  [{ service: "lambda", operation: "GetFunction" }, "lambda:GetFunction *"],
])("a call of Terraform, %j, asks for %s", (more, wanted) => {
  expect(controlAsks(call(more)).map(({ action, resource }) => `${action} ${resource}`)).toEqual([wanted]);
});

test("a call of Terraform with an unknown operation gets no action", () => {
  expect(() => controlAsks(call({ service: "lambda", path: "/new" }))).toThrow(
    "unknown call lambda GET /new:",
  );
});

test.each([
  ["another service", { service: "dynamodb", target: "GetItem" }, "dynamodb GetItem"],
  ["a queue that is not named", { service: "sqs", target: "ListQueues" }, "sqs ListQueues"],
  ["another part of an object", { query: { acl: "" } }, "s3 GET /b/stream/1/master.m3u8"],
  ["a copy", { method: "PUT", headers: ["x-amz-copy-source"] }, "s3 PUT /b/stream/1/master.m3u8"],
  ["a change of a bucket's settings", { method: "PUT", path: "/b", query: { policy: "" } }, "s3 PUT /b"],
])("%s is not guessed at", (_what, more, operation) => {
  expect(() => asked(more)).toThrow(`${operation}: add its IAM actions to packages/embedded-aws/permissions`);
});
