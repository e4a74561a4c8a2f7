import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, ListQueuesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { RoleCredentials } from "../../../packages/embedded-aws/lambda/credentials";
import { PermissionWatch } from "../../../packages/embedded-aws/permissions/watch";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";

const ACCOUNT = "111111111111";
const Bucket = "videos";
const folder = mkdtempSync(join(tmpdir(), "permissions-"));
const file = join(folder, "report.md");
let emulator: Emulator;
let s3: S3Client;
let sqs: SQSClient;
let QueueUrl: string;
let role: string;
let watch: PermissionWatch;

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: string[], Resource: string, Condition: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  Condition,
});

beforeAll(async () => {
  emulator = await startEmulator({ accountId: ACCOUNT, log: join(folder, "emulator.log") });
  const aws = clientConfig(emulator.endpoint, "us-east-1");
  await new S3Client({ ...aws, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
  const queue = await new SQSClient(aws).send(new CreateQueueCommand({ QueueName: "media" }));
  QueueUrl = queue.QueueUrl ?? "";
  const iam = new IAMClient(aws);
  const boundary = await iam.send(
    new CreatePolicyCommand({ PolicyName: "boundary", PolicyDocument: policy(allow(["s3:*"], "*")) }),
  );
  const made = await iam.send(
    new CreateRoleCommand({
      RoleName: "processor",
      AssumeRolePolicyDocument: policy(),
      PermissionsBoundary: boundary.Policy?.Arn,
    }),
  );
  role = made.Role?.Arn ?? "";
  const PolicyDocument = policy(
    allow(["s3:PutObject", "s3:GetObject"], `arn:aws:s3:::${Bucket}/stream/*`),
    allow(["s3:ListBucket"], `arn:aws:s3:::${Bucket}`, { StringLike: { "s3:prefix": "stream/*" } }),
    allow(["sqs:ReceiveMessage"], "*"),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: "processor", PolicyName: "permissions", PolicyDocument }),
  );
  const credentials = new RoleCredentials(aws);
  const config = { ...aws, credentials: credentials.provider({ role, sessionName: "task" }) };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  sqs = new SQSClient(config);
  watch = new PermissionWatch({ aws, accountId: ACCOUNT, roles: () => credentials.roles, file });
});

afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

test("granted actions are allowed, also by presigned URLs, and unused permissions are reported", async () => {
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "stream/1/b" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "stream/1/a", Body: "a" }));
  expect((await fetch(url, { method: "PUT", body: "b" })).status).toBe(200);
  await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "stream/1/" }));
  expect(await watch.check()).toMatch(/^3 requests by 1 role, all allowed .* 2 granted actions not used/);
  const text = readFileSync(file, "utf8");
  expect(text).toContain("| s3:PutObject | arn:aws:s3:::videos/stream/1/b | permissions[0] | 1 |");
  expect(text).toContain("- s3:GetObject on arn:aws:s3:::videos/stream/*");
});

test("each call without permission fails with its reason, though the emulator allows it", async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: "uploads/1", Body: "a" }));
  await s3.send(new ListObjectsV2Command({ Bucket }));
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "stream/1/a" }] } }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const message = await watch.check().then(
    () => "",
    (error: Error) => error.message,
  );
  for (const fault of [
    "processor: s3:PutObject on arn:aws:s3:::videos/uploads/1: nothing allows it",
    "processor: s3:ListBucket on arn:aws:s3:::videos: nothing allows it",
    "processor: s3:DeleteObject on arn:aws:s3:::videos/stream/1/a: nothing allows it",
    `processor: sqs:ReceiveMessage on arn:aws:sqs:us-east-1:${ACCOUNT}:media: its boundary does not allow it`,
  ])
    expect(message).toContain(fault);
  expect(readFileSync(file, "utf8")).toContain("## Not allowed");
});

test("queries of a database are answered immediately", async () => {
  const resource = `arn:aws:rds-db:us-east-1:${ACCOUNT}:dbuser:db-1/media`;
  expect(await watch.fault(role, { action: "rds-db:connect", resource, context: {} })).toBe(
    "processor may not rds-db:connect: nothing allows it",
  );
  expect(
    await watch.fault(role, {
      action: "s3:GetObject",
      resource: `arn:aws:s3:::${Bucket}/stream/x`,
      context: {},
    }),
  ).toBeUndefined();
});

test("an unknown call fails too", async () => {
  await sqs.send(new ListQueuesCommand({}));
  await expect(watch.check()).rejects.toThrow("processor: unknown call sqs ListQueues");
});
