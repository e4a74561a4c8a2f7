import { once } from "node:events";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { Cached } from "./media/cached";
import { Library } from "./media/library";
import { ShutdownError } from "./processor/errors";
import { MessageHandler } from "./processor/message-handler";
import { HttpServer } from "./processor/http-server";
import { processVideo } from "./processor/process-video";
import { capacityOf } from "./processor/capacity";
import { Sweep } from "./processor/sweep";
import { VideoJob } from "./processor/video-job";
import { QueueConsumer } from "./processor/queue-consumer";
import * as environment from "./runtime/environment";
import { createLog, LEVELS } from "./runtime/log";
import { createMetrics } from "./runtime/metrics";
import { startServer } from "./runtime/server";
import { continued, traced } from "./runtime/trace";
import { tracedClient } from "./runtime/traced-client";
import { Database, type DatabaseOptions } from "./services/database";
import { databaseToken } from "./services/database-token";
import { Ffmpeg } from "./services/ffmpeg";
import { MediaQueue } from "./services/media-queue";
import { PostgresMediaRepository } from "./services/media-repository";
import { MediaStatuses } from "./services/media-statuses";
import { ObjectStore } from "./services/object-store";
import { CAN_LIMIT_MEMORY } from "./services/program";
import { ProgressCache } from "./services/progress-cache";
import { type CacheOptions, RedisCache } from "./services/redis-cache";
import { WorkFolders } from "./services/work-folders";

const PRESETS = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower"] as const;

const variables = {
  /** Name of the environment, for the log and the metrics. */
  ENVIRONMENT: environment.text,
  LOG_LEVEL: environment.oneOf(...LEVELS),
  DATABASE_HOST: environment.text,
  DATABASE_PORT: environment.port,
  DATABASE_NAME: environment.text,
  /** Logs in with an IAM token. */
  DATABASE_USER: environment.text,
  CACHE_HOST: environment.text,
  CACHE_PORT: environment.port,
  QUEUE_URL: environment.text,
  /** Receives after which the queue puts a message to the dead letters. */
  MAX_RECEIVES: environment.whole(1, 1_000),
  UPLOADS_BUCKET: environment.text,
  STREAMS_BUCKET: environment.text,
  /** Read by Node itself at its start: certificate authorities beyond its own. */
  NODE_EXTRA_CA_CERTS: environment.text,
  /** x264's: the slower, the smaller the streams. */
  X264_PRESET: environment.optional(environment.oneOf(...PRESETS), "veryfast"),
  /** Videos at a time; one for every two processors, as far as the memory reaches, when not given. */
  CONCURRENCY: environment.optional<number | undefined>(environment.whole(1, 10), undefined),
  /** How long others leave a video alone whose processor says no more. */
  LEASE_SECONDS: environment.optional(environment.whole(3, 600), 60),
  /** How long one poll of the queue waits for a message; a processor with nothing to do ends so late. */
  POLL_SECONDS: environment.optional(environment.whole(1, 20), 20),
  /** How long a video may go on after SIGTERM; then it is handed back. Below the task's stop timeout. */
  STOP_SECONDS: environment.optional(environment.whole(0, 110), 100),
};

/** Environment variables of the processor's task, but for those that the task itself gives. */
export type ProcessorEnvironment = environment.Texts<typeof variables>;

/** Given by the task, or by ECS. */
const given = {
  /** TCP port of `/health` and `/events/{id}`. */
  PORT: environment.port,
  /** The one folder that can be written to. */
  WORK_FOLDER: environment.text,
  /** Memory of the task, in MiB. */
  MEMORY_MIB: environment.whole(512, 122_880),
  AWS_REGION: environment.text,
};

/** Takes uploads from the queue until SIGTERM or SIGINT. Resolves when all is handed back and closed. */
export async function main(): Promise<void> {
  const values = environment.readEnvironment({ ...variables, ...given });
  const { ENVIRONMENT, AWS_REGION: region, LEASE_SECONDS: leaseSeconds, MAX_RECEIVES: maxReceives } = values;
  const { concurrency, threads, memoryMiB } = capacityOf({
    processors: availableParallelism(),
    memoryMiB: values.MEMORY_MIB,
    concurrency: values.CONCURRENCY,
  });
  const log = createLog({ service: "processor", environment: ENVIRONMENT, level: values.LOG_LEVEL });
  const measure = createMetrics({ namespace: "StreamFlow", dimensions: { Environment: ENVIRONMENT } });
  const stop = new AbortController();
  const abandon = new AbortController();

  const s3 = tracedClient(
    new S3Client({ region, requestHandler: { connectionTimeout: 3_000, requestTimeout: 60_000 } }),
  );
  const sqs = new SQSClient({ region, requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000 } });
  const login = {
    host: values.DATABASE_HOST,
    port: values.DATABASE_PORT,
    user: values.DATABASE_USER,
    region,
  };
  const databaseOptions: DatabaseOptions = {
    ...login,
    name: values.DATABASE_NAME,
    connections: concurrency + 1,
    password: async () => databaseToken(login, await s3.config.credentials()),
    onLost: (error) => log.warn("database connection lost", { error }),
  };
  const database = new Database(databaseOptions);
  const cacheOptions = {
    host: values.CACHE_HOST,
    port: values.CACHE_PORT,
    patience: 500,
    onFailure: (error: Error) => log.warn("cache given up for a while", { error }),
  };
  const cache = new RedisCache(cacheOptions);
  const listeners = listenerConnections(databaseOptions, cacheOptions);
  const library = new Library(new PostgresMediaRepository(database), new Cached(cache));
  const changed = (id: string): Promise<void> => library.changed(id);
  const statuses = new MediaStatuses({ database });
  const board = new ProgressCache(cache);
  const objects = new ObjectStore({ client: s3, streamsBucket: values.STREAMS_BUCKET });
  const transcoder = new Ffmpeg({ environment: environment.programEnvironment(), memoryMiB });
  if (!CAN_LIMIT_MEMORY) log.warn("this system can't limit the memory of ffmpeg", { memoryMiB });
  const quality = { preset: values.X264_PRESET, threads };
  const folders = new WorkFolders(values.WORK_FOLDER);
  const left = await folders.clean();
  if (left > 0) log.warn("removed what a processor had left that was killed", { folders: left });

  const work = new VideoJob({
    statuses,
    objects,
    board,
    changed,
    log,
    leaseSeconds,
    maxReceives,
    process: (version, run) =>
      folders.use((folder) => processVideo(version, { ...run, objects, transcoder, quality, folder })),
    traced: (header, id, inner) =>
      continued("streamflow-processor", header, () =>
        traced("ProcessVideo", async (trace) => {
          const started = performance.now();
          trace.annotate("videoId", id);
          return inner().finally(() =>
            trace.describe("processingTime", Math.round(performance.now() - started)),
          );
        }),
      ),
    measured: (processing, sinceUpload) => {
      measure("VideoProcessingTime", processing, "Milliseconds");
      if (sinceUpload !== undefined) measure("TimeToReady", sinceUpload, "Milliseconds");
    },
  });
  const queue = new MediaQueue({
    client: sqs,
    url: values.QUEUE_URL,
    hiddenSeconds: leaseSeconds,
    pollSeconds: values.POLL_SECONDS,
  });
  const messages = new MessageHandler({
    queue,
    log,
    hiddenSeconds: leaseSeconds,
    maxReceives,
    uploadsBucket: values.UPLOADS_BUCKET,
    work: (version, message, signal) => work.run(version, message, signal),
  });
  const worker = new QueueConsumer({ queue, handle: messages.handle, concurrency, log });
  const pages = new HttpServer({
    board: new ProgressCache(listeners.cache),
    statuses: new MediaStatuses({ database: listeners.database }),
    consumer: worker,
    stopping: stop.signal,
  });
  const server = await startServer({
    port: values.PORT,
    answer: pages.answer,
    onFailure: (error) => log.error("request failed", { error }),
  });
  const sweep = new Sweep({ statuses, board, changed, log });

  let late: NodeJS.Timeout | undefined;
  const end = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) return;
    log.info("stopping", { signal, working: worker.activeMessages });
    stop.abort();
    const give = (): void => abandon.abort(new ShutdownError("the processor ends"));
    late = setTimeout(give, values.STOP_SECONDS * 1_000);
  };
  process.on("SIGTERM", end).on("SIGINT", end);
  log.info("started", { concurrency, threads, memoryMiB, preset: quality.preset, port: server.port });
  await Promise.race([worker.run(stop.signal, abandon.signal), tooLate(abandon.signal)]);
  clearTimeout(late);
  await Promise.all([sweep.stop(), server.stop()]);
  cache.close();
  listeners.cache.close();
  await Promise.all([database.close(), listeners.database.close()]);
  log.info("stopped", {});
}

/** Connections of their own for those who listen: however many ask, the work's leases are renewed in time. */
function listenerConnections(database: DatabaseOptions, cache: CacheOptions) {
  const applicationName = `${database.user}-listeners`;
  return {
    database: new Database({ ...database, applicationName, connections: 2 }),
    cache: new RedisCache(cache),
  };
}

/** Work that is told to end has 8 s to clear up; a database that is away must not hold the task until it is killed. */
async function tooLate(abandoned: AbortSignal): Promise<void> {
  if (!abandoned.aborted) await once(abandoned, "abort");
  await sleep(8_000, undefined, { ref: false });
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
