import { mediaApp } from "./media/app";
import { LIMITS } from "./media/limits";
import * as environment from "./runtime/environment";
import { httpHandler, type HttpProgram } from "./runtime/http";
import { createLog, LEVELS } from "./runtime/log";
import { AwsClient } from "./services/aws-client";
import { Bucket } from "./services/bucket";
import { CONNECTION_VARIABLES, connectionOptions } from "./services/connections";
import { Database } from "./services/database";
import { S3MediaObjects } from "./services/media-objects";
import { PostgresMediaRegistry } from "./services/media-registry";
import { PostgresMediaRepository } from "./services/media-repository";
import { PlaybackTickets } from "./services/playback-tickets";
import { ProcessingRequests } from "./services/processing-requests";
import { ProgressCache } from "./services/progress-cache";
import { RedisCache } from "./services/redis-cache";
import { removedMessage } from "./services/removed-media";
import { SourceUploads } from "./services/source-uploads";
import { sendMessage } from "./services/sqs-message";

const variables = {
  /** Name of the environment, for logs. */
  ENVIRONMENT: environment.text,
  ...CONNECTION_VARIABLES,
  UPLOADS_BUCKET: environment.text,
  STREAMS_BUCKET: environment.text,
  /** URL of the media queue, for another try of what failed. */
  QUEUE_URL: environment.text,
  /**
   * URL of the queue of invalidations.
   * @default CloudFront's copies of removed media are not invalidated
   */
  INVALIDATIONS_URL: environment.optional<string | undefined>(environment.text, undefined),
  /** ARN of the secret with the private keys that sign viewers' cookies. */
  PLAYBACK_KEYS_SECRET_ARN: environment.text,
  /** Public URL of the product. */
  PUBLIC_URL: environment.origin,
  /**
   * Largest source in bytes that the environment's processors have room for.
   * @default the API's limit
   */
  MAX_SOURCE_BYTES: environment.optional(environment.whole(1, LIMITS.sizeBytes), LIMITS.sizeBytes),
  /** Videos, bytes and minutes that a creator may upload within 24 hours. */
  QUOTA_VIDEOS: environment.whole(1, 100_000),
  QUOTA_BYTES: environment.whole(1, 999_999_999_999_999),
  QUOTA_MINUTES: environment.whole(1, 1_000_000),
  LOG_LEVEL: environment.oneOf(...LEVELS),
};

/** Environment variables of the media function. */
export type MediaEnvironment = environment.Texts<typeof variables>;

const given = { AWS_REGION: environment.text };

function start(): HttpProgram {
  const values = environment.readEnvironment({ ...variables, ...given });
  const log = createLog({ service: "media", environment: values.ENVIRONMENT, level: values.LOG_LEVEL });
  const region = values.AWS_REGION;
  const options = connectionOptions(values, { credentials: environment.credentials, log });
  const [database, cache] = [new Database(options.database), new RedisCache(options.cache)];
  const aws = (service: string): AwsClient =>
    new AwsClient({
      service,
      region,
      credentials: environment.credentials,
      endpoint: environment.endpointOf(service),
    });
  const [s3, sqs] = [aws("s3"), aws("sqs")];
  const invalidations = values.INVALIDATIONS_URL;
  const uploads = new Bucket(s3, values.UPLOADS_BUCKET);
  const app = mediaApp({
    repository: new PostgresMediaRepository(database),
    registry: new PostgresMediaRegistry(database),
    uploads: new SourceUploads(uploads),
    objects: new S3MediaObjects({
      uploads,
      streams: new Bucket(s3, values.STREAMS_BUCKET),
      onRemoved:
        invalidations === undefined
          ? undefined
          : (id) => sendMessage(sqs, { queueUrl: invalidations, body: removedMessage(id) }),
    }),
    tickets: new PlaybackTickets({
      client: aws("secretsmanager"),
      secretArn: values.PLAYBACK_KEYS_SECRET_ARN,
      publicUrl: values.PUBLIC_URL,
    }),
    notes: new ProgressCache(cache),
    queue: new ProcessingRequests({
      client: sqs,
      queueUrl: values.QUEUE_URL,
      bucket: values.UPLOADS_BUCKET,
    }),
    maxSourceBytes: values.MAX_SOURCE_BYTES,
    quotas: { videos: values.QUOTA_VIDEOS, bytes: values.QUOTA_BYTES, minutes: values.QUOTA_MINUTES },
    cache,
    log,
    publicUrl: values.PUBLIC_URL,
  });
  return { app, log };
}

/**
 * The Lambda handler for API Gateway. With invalid environment variables, each request fails with an error that lists
 * all of them.
 */
export const handler = httpHandler(start);
