import { availableParallelism } from "node:os";
import { S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Cached } from "./media/cached";
import { MediaInvalidation } from "./media/library";
import { MessageHandler } from "./processor/message-handler";
import { HttpServer } from "./processor/http-server";
import type { Log } from "./processor/ports";
import { VideoProcessor } from "./processor/process-video";
import { type Capacity, capacityOf } from "./processor/capacity";
import { Shutdown } from "./processor/shutdown";
import { LeftoversSweep } from "./processor/leftovers-sweep";
import { Sweep } from "./processor/sweep";
import { VideoJob } from "./processor/video-job";
import { QueueConsumer } from "./processor/queue-consumer";
import * as environment from "./runtime/environment";
import { createLog, LEVELS } from "./runtime/log";
import { createMetrics } from "./runtime/metrics";
import { startServer } from "./runtime/server";
import { tracedClient } from "./runtime/traced-client";
import { CONNECTION_VARIABLES, connectionOptions } from "./services/connections";
import { Database, type DatabaseOptions } from "./services/database";
import { PostgresLeftovers } from "./services/leftovers";
import { Ffmpeg } from "./services/ffmpeg";
import { MediaQueue } from "./services/media-queue";
import { MediaStatuses } from "./services/media-statuses";
import { ObjectStore } from "./services/object-store";
import { CAN_LIMIT_MEMORY } from "./services/program";
import { ProgressCache } from "./services/progress-cache";
import { type CacheOptions, RedisCache } from "./services/redis-cache";
import { type OnRemoved, removedMessage } from "./services/removed-media";
import { VideoTelemetry } from "./services/video-telemetry";
import { WorkFolders } from "./services/work-folders";

const PRESETS = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower"] as const;

const variables = {
  /** Name of the environment, for logs and metrics. */
  ENVIRONMENT: environment.text,
  LOG_LEVEL: environment.oneOf(...LEVELS),
  ...CONNECTION_VARIABLES,
  QUEUE_URL: environment.text,
  /**
   * URL of the queue of invalidations.
   * @default CloudFront's copies of removed media are not invalidated
   */
  INVALIDATIONS_URL: environment.optional<string | undefined>(environment.text, undefined),
  /** Receives before a message moves to the dead-letter queue. */
  MAX_RECEIVES: environment.whole(1, 1_000),
  UPLOADS_BUCKET: environment.text,
  STREAMS_BUCKET: environment.text,
  /** x264 preset: slower presets make smaller streams. */
  X264_PRESET: environment.optional(environment.oneOf(...PRESETS), "veryfast"),
  /**
   * Integrated loudness of all sounds, in LUFS.
   * @default as in the source
   */
  LOUDNESS_LUFS: environment.optional<number | undefined>(environment.whole(-31, -9), undefined),
  /** `on`: all sizes are also made in AV1. */
  AV1: environment.optional(environment.oneOf("on", "off"), "off"),
  /** `on`: a stream has an MP4 for downloads. */
  DOWNLOADS: environment.optional(environment.oneOf("on", "off"), "off"),
  /**
   * Concurrent videos.
   * @default one per two CPUs, limited by memory
   */
  CONCURRENCY: environment.optional<number | undefined>(environment.whole(1, 10), undefined),
  /** Seconds until another processor may take over a video whose lease is not renewed. */
  LEASE_SECONDS: environment.optional(environment.whole(3, 600), 60),
  /** Seconds of a long poll of the queue; an idle processor needs this long to stop. */
  POLL_SECONDS: environment.optional(environment.whole(1, 20), 20),
  /**
   * Seconds that a video may continue after SIGTERM before it returns to the queue; less than the task's stop timeout.
   */
  STOP_SECONDS: environment.optional(environment.whole(0, 110), 100),
};

/** Environment variables of the processor's task, without those that the task definition sets. */
export type ProcessorEnvironment = environment.Texts<typeof variables>;

/** Variables set by the task definition or ECS. */
const given = {
  /** TCP port of `/health` and `/events/{id}`. */
  PORT: environment.port,
  /** Seconds for which the server keeps an idle connection open. */
  KEEP_ALIVE_SECONDS: environment.whole(1, 4_000),
  /** The only writable folder. */
  WORK_FOLDER: environment.text,
  /** Memory of the task, in MiB. */
  MEMORY_MIB: environment.whole(512, 122_880),
  AWS_REGION: environment.text,
};

type Values = environment.Values<typeof variables & typeof given>;

/**
 * Processes uploads from the queue until SIGTERM or SIGINT. Resolves when all messages are returned and connections
 * closed.
 */
export async function main(): Promise<void> {
  const values = environment.readEnvironment({ ...variables, ...given });
  const capacity = capacityOf({
    processors: availableParallelism(),
    memoryMiB: values.MEMORY_MIB,
    concurrency: values.CONCURRENCY,
  });
  const log = createLog({ service: "processor", environment: values.ENVIRONMENT, level: values.LOG_LEVEL });
  const shutdown = new Shutdown({ stopSeconds: values.STOP_SECONDS, log });
  const stores = openStores(values, capacity, log);
  const processor = await createVideoProcessor({ values, capacity, stores, log });
  const measure = createMetrics({
    namespace: "StreamFlow",
    dimensions: { Environment: values.ENVIRONMENT },
  });
  const [telemetry, queue] = [new VideoTelemetry(measure), createQueue(values)];
  const consumer = createConsumer({ values, capacity, stores, processor, queue, telemetry, log });
  const server = await startServer({
    port: values.PORT,
    keepAliveSeconds: values.KEEP_ALIVE_SECONDS,
    answer: new HttpServer({
      board: new ProgressCache(stores.listeners.cache),
      statuses: new MediaStatuses({ database: stores.listeners.database }),
      consumer,
      stopping: shutdown.stop,
    }).answer,
    onFailure: (error) => log.error("request failed", { error }),
  });
  const { statuses, board, changes } = stores;
  const sweep = new Sweep({ statuses, board, changes, log });
  const leftoversSweep = new LeftoversSweep({
    leftovers: stores.leftovers,
    objects: stores.objects,
    queue,
    changes,
    measureStranded: telemetry.measureStranded,
    log,
  });

  shutdown.listen(consumer);
  log.info("started", { ...capacity, preset: values.X264_PRESET, port: server.port });
  await shutdown.after(consumer.run({ stop: shutdown.stop, abandon: shutdown.abandon }));
  await Promise.all([sweep.stop(), leftoversSweep.stop(), server.stop()]);
  await closeStores(stores);
  log.info("stopped", {});
}

type Stores = ReturnType<typeof openStores>;

/** S3, database and cache, with the objects that use them. */
function openStores(values: Values, { concurrency }: Capacity, log: Log) {
  const region = values.AWS_REGION;
  const s3 = tracedClient(
    new S3Client({ region, requestHandler: { connectionTimeout: 3_000, requestTimeout: 60_000 } }),
  );
  const options = connectionOptions(values, { credentials: () => s3.config.credentials(), log });
  const cacheOptions: CacheOptions = { ...options.cache, patience: 500 };
  const database = new Database({ ...options.database, connections: concurrency + 1 });
  const cache = new RedisCache(cacheOptions);
  return {
    database,
    cache,
    listeners: listenerConnections(options.database, cacheOptions),
    changes: new MediaInvalidation(new Cached(cache)),
    statuses: new MediaStatuses({ database }),
    board: new ProgressCache(cache),
    objects: new ObjectStore({
      client: s3,
      uploadsBucket: values.UPLOADS_BUCKET,
      streamsBucket: values.STREAMS_BUCKET,
      onRemoved: invalidator(values),
    }),
    leftovers: new PostgresLeftovers(database),
  };
}

async function closeStores({ database, cache, listeners }: Stores): Promise<void> {
  cache.close();
  listeners.cache.close();
  await Promise.all([database.close(), listeners.database.close()]);
}

/** Separate connections for listeners, so that their number does not delay the renewal of leases. */
function listenerConnections(database: DatabaseOptions, cache: CacheOptions) {
  const applicationName = `${database.user}-listeners`;
  return {
    database: new Database({ ...database, applicationName, connections: 2 }),
    cache: new RedisCache(cache),
  };
}

interface Parts {
  readonly values: Values;
  readonly capacity: Capacity;
  readonly stores: Stores;
  readonly log: Log;
}

/** ffmpeg in work folders, after removing files of killed processors. */
async function createVideoProcessor({ values, capacity, stores, log }: Parts): Promise<VideoProcessor> {
  const { memoryMiB, threads, concurrency } = capacity;
  const transcoder = new Ffmpeg({ environment: environment.programEnvironment(), memoryMiB });
  if (!CAN_LIMIT_MEMORY) log.warn("this system can't limit the memory of ffmpeg", { memoryMiB });
  const folders = new WorkFolders(values.WORK_FOLDER);
  const left = await folders.clean();
  if (left > 0) log.warn("removed files of killed processors", { folders: left });
  const encoding = {
    preset: values.X264_PRESET,
    threads,
    memoryMiB,
    loudnessLufs: values.LOUDNESS_LUFS,
    av1: values.AV1 === "on",
    download: values.DOWNLOADS === "on",
  };
  return new VideoProcessor({ objects: stores.objects, transcoder, encoding, folders, concurrency });
}

/** Requests the invalidation of removed media, if the environment has a queue for it. */
function invalidator(values: Values): OnRemoved | undefined {
  const { INVALIDATIONS_URL: QueueUrl } = values;
  if (QueueUrl === undefined) return undefined;
  const sqs = sqsClient(values);
  return async (id) => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: removedMessage(id) }));
  };
}

function sqsClient({ AWS_REGION: region }: Values): SQSClient {
  return new SQSClient({ region, requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000 } });
}

function createQueue(values: Values): MediaQueue {
  return new MediaQueue({
    client: sqsClient(values),
    url: values.QUEUE_URL,
    bucket: values.UPLOADS_BUCKET,
    hiddenSeconds: values.LEASE_SECONDS,
    pollSeconds: values.POLL_SECONDS,
  });
}

interface ConsumerParts extends Parts {
  readonly processor: VideoProcessor;
  readonly queue: MediaQueue;
  readonly telemetry: VideoTelemetry;
}

/** The path of a message: QueueConsumer, MessageHandler, VideoJob, VideoProcessor. */
function createConsumer(parts: ConsumerParts): QueueConsumer {
  const { values, capacity, stores, processor, queue, telemetry, log } = parts;
  const { LEASE_SECONDS: leaseSeconds, MAX_RECEIVES: maxReceives } = values;
  const job = new VideoJob({
    statuses: stores.statuses,
    objects: stores.objects,
    board: stores.board,
    processor,
    telemetry,
    changes: stores.changes,
    log,
    leaseSeconds,
    maxReceives,
  });
  const handler = new MessageHandler({
    queue,
    job,
    log,
    hiddenSeconds: leaseSeconds,
    maxReceives,
    uploadsBucket: values.UPLOADS_BUCKET,
  });
  return new QueueConsumer({ queue, handler, concurrency: capacity.concurrency, log });
}

if (require.main === module) {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
}
