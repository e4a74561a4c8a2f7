import { join } from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { SQS } from "@aws-sdk/client-sqs";
import { migrate } from "../handlers/services/migrate";
import { readMigrations } from "../handlers/services/migrations";
import { findRedis } from "@packages/embedded-aws/programs/redis";
import { type Emulator, startEmulator } from "@packages/embedded-aws/servers/emulator";
import { TestCache } from "./cache";
import { requireFfmpeg } from "./clips";
import { letsSend } from "./queue-policy";
import { keys, migrationsFolder, region, startDatabase, type TestDatabase } from "./database";

export const uploads = "uploads-test";
export const streams = "streams-test";
const accountId = "111111111111";

/** A processor's dependencies: PostgreSQL and Redis with TLS, S3 with events to SQS. */
export interface Processing {
  readonly database: TestDatabase;
  readonly emulator: Emulator;
  readonly cache: TestCache;
  readonly s3: S3;
  readonly sqs: SQS;
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
}

export async function startProcessing(): Promise<Processing> {
  await requireFfmpeg();
  const server = await findRedis();
  if ("missing" in server) throw new Error(`the processor needs Redis: ${server.missing}`);
  const database = await startDatabase({ migrated: true });
  const users = ["media", "processor"];
  await migrate({ connection: database.connection, migrations: readMigrations(migrationsFolder), users });
  const emulator = await startEmulator({ accountId, log: join(database.folder, "emulator.log") });
  const cache = await TestCache.start(database);
  const config = { endpoint: emulator.endpoint, region, credentials: keys };
  const clients = { s3: new S3(config), sqs: new SQS(config) };
  return { database, emulator, cache, ...clients, ...(await makeQueue(clients)) };
}

async function makeQueue({ s3, sqs }: { s3: S3; sqs: SQS }): Promise<{
  queueUrl: string;
  deadLettersUrl: string;
}> {
  const dead = await sqs.createQueue({ QueueName: "dead-letters" });
  const arn = (name: string): string => `arn:aws:sqs:${region}:${accountId}:${name}`;
  const redrive = { deadLetterTargetArn: arn("dead-letters"), maxReceiveCount: 3 };
  const queue = await sqs.createQueue({
    QueueName: "media",
    Attributes: {
      VisibilityTimeout: "300",
      RedrivePolicy: JSON.stringify(redrive),
      Policy: letsSend("s3.amazonaws.com"),
    },
  });
  await s3.createBucket({ Bucket: streams });
  await s3.createBucket({ Bucket: uploads });
  await s3.putBucketVersioning({ Bucket: uploads, VersioningConfiguration: { Status: "Enabled" } });
  await s3.putBucketNotificationConfiguration({
    Bucket: uploads,
    NotificationConfiguration: {
      QueueConfigurations: [{ QueueArn: arn("media"), Events: ["s3:ObjectCreated:*"] }],
    },
  });
  return { queueUrl: queue.QueueUrl ?? "", deadLettersUrl: dead.QueueUrl ?? "" };
}

export async function stopProcessing(processing: Processing): Promise<void> {
  const { s3, sqs, cache, emulator, database } = processing;
  s3.destroy();
  sqs.destroy();
  await cache.stop();
  await emulator.stop();
  await database.stop();
}

/** Registers a media like the API; returns its id. */
export async function register({ database }: Processing): Promise<string> {
  const { rows } = await database
    .admin()
    .query<{ id: string }>(
      "INSERT INTO media (title, content_type, size_bytes, visibility) VALUES ('V', 'video/mp4', 1, 'public') RETURNING id",
    );
  return rows[0]?.id ?? "";
}

export interface SourceUpload {
  /** Id of the media. */
  readonly id: string;
  readonly body: Buffer;
  readonly metadata?: Record<string, string>;
}

/** Uploads a media's source, which sends a message to the queue; returns its version. */
export async function upload({ s3 }: Processing, { id, body, metadata = {} }: SourceUpload): Promise<string> {
  const put = { Bucket: uploads, Key: `uploads/${id}/source`, Body: body, Metadata: metadata };
  return (await s3.putObject(put)).VersionId ?? "";
}
