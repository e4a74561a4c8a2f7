import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as environment from "./runtime/environment";
import { createLog, LEVELS } from "./runtime/log";
import { createMetrics } from "./runtime/metrics";
import { traced } from "./runtime/trace";
import { AwsClient } from "./services/aws-client";
import { CheckCreator } from "./services/check-creator";
import { checkProduct, type CheckResult } from "./synthetic-check/check";

const variables = {
  /** Name of the environment, for logs and metrics. */
  ENVIRONMENT: environment.text,
  /** Public URL of the product. */
  PUBLIC_URL: environment.origin,
  /** User pool of the check, and its app client. */
  USER_POOL_ID: environment.text,
  USER_POOL_CLIENT_ID: environment.text,
  /** Seconds after the upload within which the video must be ready. */
  READY_WITHIN_SECONDS: environment.whole(1, 720),
  LOG_LEVEL: environment.oneOf(...LEVELS),
};

/** Environment variables of the synthetic check. */
export type SyntheticCheckEnvironment = environment.Texts<typeof variables>;

/**
 * One second of ffmpeg's test pattern with a tone, 320 × 180, H.264 and AAC:
 * `ffmpeg -f lavfi -i testsrc=size=320x180:rate=10:duration=1 -f lavfi -i sine=frequency=440:duration=1 -c:v libx264
 * -preset veryslow -crf 38 -pix_fmt yuv420p -c:a aac -b:a 16k -ac 1 -ar 22050 -movflags +faststart synthetic-check.mp4`
 */
const CLIP = join(__dirname, "clips", "synthetic-check.mp4");

/**
 * Checks the product from outside. Returns the result, also of a failed check: Lambda would repeat the invocation after an
 * error. The log and the metrics say whether it succeeded, and the log at which step it failed.
 */
export async function handler(): Promise<CheckResult> {
  const values = environment.readEnvironment({ ...variables, AWS_REGION: environment.text });
  const { ENVIRONMENT, AWS_REGION: region, PUBLIC_URL: url } = values;
  const log = createLog({ service: "synthetic-check", environment: ENVIRONMENT, level: values.LOG_LEVEL });
  log.about({ traceId: environment.traceId() });
  const measure = createMetrics({ namespace: "StreamFlow", dimensions: { Environment: ENVIRONMENT } });
  const client = new AwsClient({
    service: "cognito-idp",
    region,
    credentials: environment.credentials,
    endpoint: environment.endpointOf("cognito-idp"),
  });
  const creator = new CheckCreator({
    client,
    userPoolId: values.USER_POOL_ID,
    clientId: values.USER_POOL_CLIENT_ID,
  });
  const result = await checkProduct({
    url,
    signIn: () => creator.signIn(),
    clip: readFileSync(CLIP),
    readyWithinMs: values.READY_WITHIN_SECONDS * 1_000,
    around: (step, work) => traced(step, () => work()),
  });
  measure({ name: "SyntheticCheckSuccess", value: result.ok ? 1 : 0, unit: "Count" });
  if (result.ok) {
    measure({ name: "SyntheticCheckTimeToReady", value: result.readySeconds, unit: "Seconds" });
    log.info("check succeeded", { ...result });
  } else {
    log.error("check failed", { ...result });
  }
  return result;
}
