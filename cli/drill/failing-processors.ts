import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { clip } from "../../harness/clips";
import { keys, region } from "../../harness/database";
import { type Processing, register, streams, upload } from "../../harness/processing";
import { type ProcessorRun, startProcessor } from "../../harness/processor";
import { until } from "@packages/cli-kit/wait-until";

/** Log group of the processor, as on AWS. */
export const LOG_GROUP = "/aws/ecs/drill-processor";

/** Only one receive before the dead-letter queue; more would only take minutes. */
const MAX_RECEIVES = "1";

/** Processors with realistic failures, until they are repaired. */
export class FailingProcessors {
  private readonly logs: CloudWatchLogs;
  private count = 0;

  constructor(private readonly processing: Processing) {
    this.logs = new CloudWatchLogs({ endpoint: processing.emulator.endpoint, region, credentials: keys });
  }

  get client(): CloudWatchLogs {
    return this.logs;
  }

  async prepare(): Promise<void> {
    const { sqs, queueUrl, deadLettersUrl } = this.processing;
    const { Attributes } = await sqs.getQueueAttributes({
      QueueUrl: deadLettersUrl,
      AttributeNames: ["QueueArn"],
    });
    const policy = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: Number(MAX_RECEIVES) };
    await sqs.setQueueAttributes({
      QueueUrl: queueUrl,
      Attributes: { RedrivePolicy: JSON.stringify(policy) },
    });
    await this.logs.createLogGroup({ logGroupName: LOG_GROUP });
  }

  /** Runs a processor whose ffprobe can't start. Returns the ids of the failed videos. */
  async withoutProbe(videos: number): Promise<string[]> {
    const bin = join(this.processing.database.folder, "broken");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "ffprobe"),
      "#!/bin/sh\necho 'libavdevice.so.59: cannot open shared object file' >&2\nexit 127\n",
    );
    chmodSync(join(bin, "ffprobe"), 0o755);
    const ids = await this.uploadVideos(videos);
    await this.whileRunning({ PATH: `${bin}:${process.env.PATH ?? ""}` }, ids.length);
    return ids;
  }

  /** Runs a processor without its bucket: every attempt fails, although the videos are fine. Returns their ids. */
  async withoutStreams(videos: number): Promise<string[]> {
    const { s3 } = this.processing;
    await s3.deleteBucket({ Bucket: streams });
    const ids = await this.uploadVideos(videos);
    await this.whileRunning({}, ids.length);
    await s3.createBucket({ Bucket: streams });
    return ids;
  }

  /** Sends a message that is not from S3. Returns its text. */
  async noEvent(): Promise<string> {
    const { sqs, queueUrl } = this.processing;
    const MessageBody = `no event ${randomBytes(8).toString("hex")}`;
    await sqs.sendMessage({ QueueUrl: queueUrl, MessageBody });
    await this.whileRunning({}, 1);
    return MessageBody;
  }

  /** Starts a working processor. */
  start(environment: Record<string, string> = {}): Promise<ProcessorRun> {
    return startProcessor(this.processing, {
      name: `processor-${++this.count}`,
      environment: { MAX_RECEIVES, ...environment },
    });
  }

  /** Ships a processor's log to CloudWatch, as ECS does. */
  async ship(run: ProcessorRun): Promise<void> {
    const stream = {
      logGroupName: LOG_GROUP,
      logStreamName: `processor/processor/${randomBytes(8).toString("hex")}`,
    };
    await this.logs.createLogStream(stream);
    // Metric lines have another format.
    const logEvents = run.lines().flatMap((line) => {
      const { timestamp } = line;
      if (typeof timestamp !== "string") return [];
      return [{ message: JSON.stringify(line), timestamp: Date.parse(timestamp) }];
    });
    await this.logs.putLogEvents({ ...stream, logEvents });
  }

  /** Number of messages in the queue and the dead-letter queue. */
  async waiting(): Promise<{ queue: number; dead: number }> {
    const { sqs, queueUrl, deadLettersUrl } = this.processing;
    const count = async (QueueUrl: string): Promise<number> => {
      const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
      return (
        Number(Attributes.ApproximateNumberOfMessages) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible)
      );
    };
    return { queue: await count(queueUrl), dead: await count(deadLettersUrl) };
  }

  private async uploadVideos(count: number): Promise<string[]> {
    const body = clip({ size: "160x90", seconds: 1, rate: 10 });
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      const id = await register(this.processing);
      await upload(this.processing, { id, body });
      ids.push(id);
    }
    return ids;
  }

  /** Runs a processor until a number of additional messages are dead letters. */
  private async whileRunning(environment: Record<string, string>, letters: number): Promise<void> {
    const before = (await this.waiting()).dead;
    const run = await this.start(environment);
    try {
      const dead = async (): Promise<boolean> => (await this.waiting()).dead >= before + letters;
      await until(`${letters} messages are dead letters`, dead, {
        timeoutSeconds: 180,
        details: () => run.output(),
      });
    } finally {
      await run.process.stop();
    }
    await this.ship(run);
  }
}
