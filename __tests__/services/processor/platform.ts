import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { S3 } from "@aws-sdk/client-s3";
import type { SQS } from "@aws-sdk/client-sqs";
import { Redis } from "ioredis";
import type { ProcessorEnvironment } from "../../../handlers/processor";
import type { Emulator } from "../../../packages/embedded-aws/servers/emulator";
import type { TestDatabase } from "../../../harness/database";
import {
  type Processing,
  register,
  startProcessing,
  stopProcessing,
  upload,
  uploads,
} from "../../../harness/processing";
import { type ProcessorRun, startProcessor } from "../../../harness/processor";
import { until } from "../../../packages/cli-kit/wait-until";
import { type Gate, startGate } from "./gate";

export { streams } from "../../../harness/processing";
export { until, type ProcessorRun };

export interface Row {
  readonly status: string;
  readonly failure_reason: string | null;
  readonly playback_path: string | null;
  readonly attempts: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_seconds: number | null;
}

/**
 * Everything that a processor connects to: PostgreSQL and Redis over TLS, S3 with events to SQS, and X-Ray's daemon.
 */
export class Platform {
  readonly processors: ProcessorRun[] = [];
  private count = 0;

  private constructor(
    private readonly processing: Processing,
    /** Proxy to S3, which can be closed. */
    readonly gate: Gate,
  ) {}

  static async start(): Promise<Platform> {
    const processing = await startProcessing();
    return new Platform(processing, await startGate(processing.emulator.port));
  }

  get database(): TestDatabase {
    return this.processing.database;
  }
  get emulator(): Emulator {
    return this.processing.emulator;
  }
  get s3(): S3 {
    return this.processing.s3;
  }
  get sqs(): SQS {
    return this.processing.sqs;
  }
  get queueUrl(): string {
    return this.processing.queueUrl;
  }
  get deadLettersUrl(): string {
    return this.processing.deadLettersUrl;
  }

  /** Starts the processor like its image: the bundle, with Node.js. */
  async processor(
    environment: Partial<ProcessorEnvironment> & Record<string, string> = {},
  ): Promise<ProcessorRun> {
    const name = `processor-${++this.count}`;
    const options = { name, s3Endpoint: this.gate.endpoint, environment };
    const run = await startProcessor(this.processing, options);
    this.processors.push(run);
    return run;
  }

  /** Environment of a processor whose ffmpeg transcodes in real time on every machine. */
  atPlayingSpeed(): { PATH: string } {
    const folder = join(this.database.folder, "at-playing-speed");
    const ffmpeg = execFileSync("/bin/sh", ["-c", "command -v ffmpeg"], { encoding: "utf8" }).trim();
    mkdirSync(folder, { recursive: true });
    const script = `#!/bin/sh\ncase " $* " in *" -progress "*) exec '${ffmpeg}' -re "$@" ;; esac\nexec '${ffmpeg}' "$@"\n`;
    writeFileSync(join(folder, "ffmpeg"), script, { mode: 0o755 });
    return { PATH: `${folder}:${process.env.PATH}` };
  }

  register(): Promise<string> {
    return register(this.processing);
  }

  upload(id: string, body: Buffer, metadata: Record<string, string> = {}): Promise<string> {
    return upload(this.processing, { id, body, metadata });
  }

  /** Sends S3's event for an object to the queue. */
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

  async untilStatus(id: string, status: string): Promise<Row> {
    await until(`${id} is ${status}`, async () => (await this.row(id)).status === status, {
      details: async () => `${JSON.stringify(await this.row(id))}\n${this.output()}`,
    });
    return this.row(id);
  }

  /** Number of messages in the queue, visible or not, and in the dead-letter queue. */
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

  async untilWaiting(wanted: { queue: number; dead: number }): Promise<void> {
    await until(
      `there are ${JSON.stringify(wanted)}`,
      async () => JSON.stringify(await this.waiting()) === JSON.stringify(wanted),
      { details: async () => JSON.stringify(await this.waiting()) },
    );
  }

  async progress(id: string): Promise<{ status: string; percent: number; reason?: string } | undefined> {
    const client = new Redis(this.processing.cache.administrator);
    try {
      const text = await client.get(`streamflow:v1:progress:${id}`);
      return text === null ? undefined : (JSON.parse(text) as { status: string; percent: number });
    } finally {
      client.disconnect();
    }
  }

  stopCache(): Promise<void> {
    return this.processing.cache.stopServer();
  }

  startCache(): Promise<void> {
    return this.processing.cache.startServer();
  }

  /** Waits until ffmpeg has started to write a stream. */
  async untilTranscoding(): Promise<void> {
    const files = (): string[] =>
      this.processors.flatMap(({ workFolder }) => readdirSync(workFolder, { recursive: true }).map(String));
    await until(
      "a stream is being written",
      () => files().some((file) => file.endsWith("segment_00000.m4s")),
      { details: () => this.output() },
    );
  }

  /** How often each file of a stream was written, by key. */
  writes(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const request of this.gate.passed) {
      if (!request.startsWith("PUT ")) continue;
      counts[request] = (counts[request] ?? 0) + 1;
    }
    return counts;
  }

  /** Log lines of all processors with this message. */
  told(message: string): Record<string, unknown>[] {
    return this.processors.flatMap((run) => run.lines()).filter((line) => line.message === message);
  }

  output(): string {
    return this.processors.map((run) => run.output()).join("\n");
  }

  /** Files in the processors' folders. */
  leftovers(): string[] {
    return this.processors.flatMap(({ workFolder }) => readdirSync(workFolder));
  }

  /** Stops the processors and clears the queues for the next test; returns the files left in their folders. */
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
    await this.gate.stop();
    await stopProcessing(this.processing);
  }
}
