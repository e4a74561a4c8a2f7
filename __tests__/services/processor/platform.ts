import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { S3 } from "@aws-sdk/client-s3";
import { SQS } from "@aws-sdk/client-sqs";
import { unzipSync } from "fflate";
import { Redis } from "ioredis";
import type { ProcessorEnvironment } from "../../../handlers/processor";
import { migrate } from "../../../handlers/services/migrate";
import { readMigrations } from "../../../handlers/services/migrations";
import { zipOf } from "../../../stacks/constructs/function-code";
import { findFfmpeg } from "../../../tools/local/needs/ffmpeg";
import { findRedis } from "../../../tools/local/needs/redis";
import { type Emulator, startEmulator } from "../../../tools/local/servers/emulator";
import { freePort } from "../../../tools/local/servers/ports";
import { type RunningProcess, startProcess } from "../../../tools/local/servers/process";
import { type RedisServer, startRedis } from "../../../tools/local/servers/redis";
import { type Front, startTlsFront } from "../../../tools/local/servers/tls-front";
import { host, keys, migrationsFolder, region, startDatabase, type TestDatabase } from "../handlers/servers";
import { type Gate, startGate } from "./gate";

export const uploads = "uploads-test";
export const streams = "streams-test";
const accountId = "111111111111";

export interface Row {
  readonly status: string;
  readonly failure_reason: string | null;
  readonly playback_path: string | null;
  readonly attempts: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_seconds: number | null;
}

export interface ProcessorRun {
  readonly process: RunningProcess;
  readonly port: number;
  readonly workFolder: string;
  /** Lines of its log, as far as they are JSON. */
  lines(): Record<string, unknown>[];
  output(): string;
}

/** All that a processor talks to: PostgreSQL and Redis by TLS, S3 with its events to SQS, and X-Ray's daemon. */
export class Platform {
  readonly processors: ProcessorRun[] = [];
  queueUrl = "";
  deadLettersUrl = "";
  private count = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly emulator: Emulator,
    /** The way to S3, which can be closed. */
    readonly gate: Gate,
    private redis: RedisServer,
    private readonly cache: Front,
    readonly redisPort: number,
    readonly s3: S3,
    readonly sqs: SQS,
  ) {}

  static async start(): Promise<Platform> {
    const ffmpeg = await findFfmpeg();
    if ("missing" in ffmpeg) throw new Error(`these tests need ffmpeg: ${ffmpeg.missing}`);
    const server = await findRedis();
    if ("missing" in server) throw new Error(`these tests need Redis: ${server.missing}`);
    const database = await startDatabase({ migrated: true });
    const users = ["media", "processor"];
    await migrate({ connection: database.connection, migrations: readMigrations(migrationsFolder), users });
    const emulator = await startEmulator({ accountId, log: join(database.folder, "emulator.log") });
    const gate = await startGate(emulator.port);
    const redisPort = await freePort();
    const redis = await startCache(redisPort, database.folder);
    const cache = await startTlsFront({ certificate: await database.certificateFor(host), port: redisPort });
    const config = { endpoint: emulator.endpoint, region, credentials: keys };
    const platform = new Platform(
      ...([database, emulator, gate, redis, cache, redisPort, new S3(config), new SQS(config)] as const),
    );
    await platform.make();
    return platform;
  }

  private async make(): Promise<void> {
    const { s3, sqs } = this;
    const dead = await sqs.createQueue({ QueueName: "dead-letters" });
    const arn = (name: string): string => `arn:aws:sqs:${region}:${accountId}:${name}`;
    const redrive = { deadLetterTargetArn: arn("dead-letters"), maxReceiveCount: 3 };
    const queue = await sqs.createQueue({
      QueueName: "media",
      Attributes: { VisibilityTimeout: "300", RedrivePolicy: JSON.stringify(redrive) },
    });
    this.queueUrl = queue.QueueUrl ?? "";
    this.deadLettersUrl = dead.QueueUrl ?? "";
    await s3.createBucket({ Bucket: streams });
    await s3.createBucket({ Bucket: uploads });
    await s3.putBucketVersioning({ Bucket: uploads, VersioningConfiguration: { Status: "Enabled" } });
    await s3.putBucketNotificationConfiguration({
      Bucket: uploads,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn: arn("media"), Events: ["s3:ObjectCreated:*"] }],
      },
    });
  }

  /** Starts the processor as its image does: the bundle, by Node. */
  async processor(more: Partial<ProcessorEnvironment> & Record<string, string> = {}): Promise<ProcessorRun> {
    const name = `processor-${++this.count}`;
    const folder = join(this.database.folder, name);
    mkdirSync(folder);
    for (const [file, bytes] of Object.entries(unzipSync(zipOf({ handler: "processor" })))) {
      writeFileSync(join(folder, file), bytes);
    }
    const environment: ProcessorEnvironment = {
      ...{ ENVIRONMENT: "test", LOG_LEVEL: "INFO", NODE_EXTRA_CA_CERTS: this.database.caFile },
      ...{
        DATABASE_HOST: host,
        DATABASE_PORT: String(this.database.port),
        DATABASE_NAME: this.database.name,
      },
      DATABASE_USER: "processor",
      ...{ CACHE_HOST: host, CACHE_PORT: String(this.cache.port) },
      ...{ QUEUE_URL: this.queueUrl, UPLOADS_BUCKET: uploads, STREAMS_BUCKET: streams },
      ...{ X264_PRESET: "ultrafast", LEASE_SECONDS: "4", POLL_SECONDS: "1", CONCURRENCY: "1" },
    };
    const port = await freePort();
    const workFolder = more.WORK_FOLDER ?? join(folder, "work");
    let output = "";
    const running = await startProcess({
      name,
      command: process.execPath,
      args: ["index.js"],
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken,
        AWS_ENDPOINT_URL_SQS: this.emulator.endpoint,
        AWS_ENDPOINT_URL_S3: this.gate.endpoint,
        PORT: String(port),
        WORK_FOLDER: workFolder,
        ...environment,
        ...more,
      },
      grace: 20_000,
    });
    for (const stream of [running.stdout, running.stderr]) {
      stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    const lines = (): Record<string, unknown>[] =>
      output.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
    const run = { process: running, port, workFolder, lines, output: () => output };
    this.processors.push(run);
    await until("the processor started", () => {
      if (running.ending()) throw new Error(`the processor ended:\n${output}`);
      return lines().some(({ message }) => message === "started");
    });
    return run;
  }

  /** Registers a media, as the API does; answers its id. */
  async register(): Promise<string> {
    const { rows } = await this.database
      .admin()
      .query<{ id: string }>(
        "INSERT INTO media (title, content_type, size_bytes) VALUES ('V', 'video/mp4', 1) RETURNING id",
      );
    return rows[0]?.id ?? "";
  }

  /** Uploads the source of a media, which puts a message into the queue; answers its version. */
  async upload(id: string, body: Buffer, metadata: Record<string, string> = {}): Promise<string> {
    const put = { Bucket: uploads, Key: `uploads/${id}/source`, Body: body, Metadata: metadata };
    return (await this.s3.putObject(put)).VersionId ?? "";
  }

  /** Puts what S3 would say of an object into the queue. */
  async tell(id: string, version: string, more: { sequencer?: string } = {}): Promise<void> {
    const object = { key: `uploads/${id}/source`, versionId: version, eTag: "e", sequencer: "0A", ...more };
    const record = { eventName: "ObjectCreated:Put", s3: { bucket: { name: uploads }, object } };
    await this.send(JSON.stringify({ Records: [record] }));
  }

  async send(body: string): Promise<void> {
    await this.sqs.sendMessage({ QueueUrl: this.queueUrl, MessageBody: body });
  }

  async create(body: Buffer, metadata: Record<string, string> = {}): Promise<string> {
    const id = await this.register();
    await this.upload(id, body, metadata);
    return id;
  }

  async row(id: string): Promise<Row> {
    const { rows } = await this.database.admin().query<Row>("SELECT * FROM media WHERE id = $1", [id]);
    if (!rows[0]) throw new Error(`no media ${id}`);
    return rows[0];
  }

  async untilStatus(id: string, status: string, seconds = 60): Promise<Row> {
    await until(
      `${id} is ${status}`,
      async () => (await this.row(id)).status === status,
      seconds,
      async () => `${JSON.stringify(await this.row(id))}\n${this.output()}`,
    );
    return this.row(id);
  }

  /** Messages in the queue, whether they are hidden or not, and in the dead letters. */
  async waiting(): Promise<{ queue: number; dead: number }> {
    const count = async (url: string): Promise<number> => {
      const { Attributes } = await this.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ["All"] });
      return (
        Number(Attributes?.ApproximateNumberOfMessages) +
        Number(Attributes?.ApproximateNumberOfMessagesNotVisible)
      );
    };
    return { queue: await count(this.queueUrl), dead: await count(this.deadLettersUrl) };
  }

  async untilWaiting(wanted: { queue: number; dead: number }, seconds = 30): Promise<void> {
    await until(
      `there are ${JSON.stringify(wanted)}`,
      async () => JSON.stringify(await this.waiting()) === JSON.stringify(wanted),
      seconds,
      async () => JSON.stringify(await this.waiting()),
    );
  }

  async progress(id: string): Promise<{ status: string; percent: number; reason?: string } | undefined> {
    const client = new Redis(this.redisPort, "127.0.0.1");
    try {
      const text = await client.get(`streamflow:v1:progress:${id}`);
      return text === null ? undefined : (JSON.parse(text) as { status: string; percent: number });
    } finally {
      client.disconnect();
    }
  }

  async stopCache(): Promise<void> {
    await this.redis.stop();
  }

  async startCache(): Promise<void> {
    this.redis = await startCache(this.redisPort, this.database.folder);
  }

  /** Waits until ffmpeg has begun to write a stream somewhere. */
  async untilTranscoding(): Promise<void> {
    const files = (): string[] =>
      this.processors.flatMap(({ workFolder }) => readdirSync(workFolder, { recursive: true }).map(String));
    await until(
      "a stream is being written",
      () => files().some((file) => file.endsWith("segment_00000.m4s")),
      60,
      () => this.output(),
    );
  }

  /** How often a file of a stream was written, by its key. */
  writes(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const request of this.gate.passed) {
      if (!request.startsWith("PUT ")) continue;
      counts[request] = (counts[request] ?? 0) + 1;
    }
    return counts;
  }

  /** Lines of all logs with that message. */
  told(message: string): Record<string, unknown>[] {
    return this.processors.flatMap((run) => run.lines()).filter((line) => line.message === message);
  }

  output(): string {
    return this.processors.map((run) => run.output()).join("\n");
  }

  /** What processors have in their folders. */
  leftovers(): string[] {
    return this.processors.flatMap(({ workFolder }) => readdirSync(workFolder));
  }

  /** Stops the processors, and clears the queues, for the next test; answers what was left in their folders. */
  async stopProcessors(): Promise<string[]> {
    await Promise.all(this.processors.map((run) => run.process.stop()));
    const left = this.leftovers();
    this.processors.length = 0;
    this.gate.passed.length = 0;
    for (const QueueUrl of [this.queueUrl, this.deadLettersUrl]) await this.sqs.purgeQueue({ QueueUrl });
    return left;
  }

  async stop(): Promise<void> {
    await this.stopProcessors();
    this.s3.destroy();
    this.sqs.destroy();
    await this.cache.stop();
    await this.redis.stop();
    await this.gate.stop();
    await this.emulator.stop();
    await this.database.stop();
  }
}

async function startCache(port: number, folder: string): Promise<RedisServer> {
  const server = await startRedis({ port, log: join(folder, "redis.log") });
  if (!server) throw new Error("these tests need Redis: apt-get install redis-tools");
  return server;
}

/** Waits until something holds; throws after so many seconds, with the details. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds = 30,
  details: () => string | Promise<string> = () => "",
): Promise<void> {
  const deadline = Date.now() + seconds * 1_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}\n${await details()}`);
    await sleep(100);
  }
}
