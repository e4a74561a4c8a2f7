import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import * as environment from "./runtime/environment";
import { createLog, LEVELS } from "./runtime/log";
import { createMetrics } from "./runtime/metrics";
import { AwsClient } from "./services/aws-client";
import { CLOUDFRONT, EdgeCache } from "./services/edge-cache";
import { removedMediaIn } from "./services/removed-media";

const variables = {
  /** Name of the environment, for logs and metrics. */
  ENVIRONMENT: environment.text,
  /** Distribution whose copies are invalidated. */
  DISTRIBUTION_ID: environment.text,
  LOG_LEVEL: environment.oneOf(...LEVELS),
};

/**
 * Milliseconds without a call after CloudFront refused one: well below the queue's visibility timeout of two minutes, after which
 * the first of the waiting messages tries again.
 */
const PAUSE_MS = 60_000;
/** Time of this execution environment's next call, in milliseconds since 1970. */
let pausedUntil = 0;

/** Environment variables of the invalidate function. */
export type InvalidateEnvironment = environment.Texts<typeof variables>;

/**
 * Invalidates CloudFront's copies of removed media, by messages of the queue of invalidations. Each message has an invalidation of its
 * own, with the message's id as reference, so that a message that comes again is not billed again. Several paths in one
 * request would cost the same, and count the same for CloudFront's limit of 15 at a time. What this limit or CloudFront's rate of
 * requests refuses comes again after the queue's visibility timeout, and so does a message that can't be read, until it is a
 * dead letter. After a refusal, messages are returned for a while without a call. All other failures are thrown: the whole
 * batch comes again, and the alarm counts them.
 */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const values = environment.readEnvironment(variables);
  const { ENVIRONMENT, DISTRIBUTION_ID: distributionId, LOG_LEVEL: level } = values;
  const log = createLog({ service: "invalidate", environment: ENVIRONMENT, level });
  log.about({ traceId: environment.traceId() });
  const measure = createMetrics({ namespace: "StreamFlow", dimensions: { Environment: ENVIRONMENT } });
  const client = new AwsClient({
    service: "cloudfront",
    region: CLOUDFRONT.region,
    credentials: environment.credentials,
    endpoint: environment.endpointOf("cloudfront") ?? CLOUDFRONT.endpoint,
  });
  const cache = new EdgeCache({ client, distributionId });
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of Records) {
    const mediaId = removedMediaIn(body);
    if (mediaId === undefined) log.error("the message is not about a removed media", { messageId });
    else if (Date.now() < pausedUntil) log.info("waits, because CloudFront refused another", { mediaId });
    else {
      const id = await cache.invalidate({ path: `/stream/${mediaId}/*`, reference: messageId });
      if (id !== undefined) {
        log.info("invalidated", { mediaId, invalidation: id });
        measure({ name: "InvalidatedVideos", value: 1, unit: "Count" });
        continue;
      }
      pausedUntil = Date.now() + PAUSE_MS;
      log.warn("too many invalidations are in progress", { mediaId });
    }
    batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
}
