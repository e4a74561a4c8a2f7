import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { CheckResult } from "../../handlers/synthetic-check/check";
import { localFolder, logFolder } from "../../packages/cli-kit/paths";
import { clientConfig } from "../../packages/embedded-aws/client";
import { Start } from "../support/start";
import { committedSettingsOf } from "../support/synth";

const NAME = "check-test";
const FUNCTION = "streamflow-staging-synthetic-check-function";
const { account, region } = committedSettingsOf("staging");

/** `npm start -- staging`, which has the check. */
let start: Start;
let lambda: LambdaClient;
let s3: S3Client;

beforeAll(async () => {
  start = new Start("staging", "--fresh", "--name", NAME);
  await start.verified();
  const variables = readFileSync(join(localFolder, NAME, "emulator.env"), "utf8");
  const urlOf = (name: string) => new RegExp(`^${name}='?(http[^'\\n]+)`, "m").exec(variables)?.[1] ?? "";
  const aws = clientConfig(urlOf("AWS_ENDPOINT_URL"), region);
  lambda = new LambdaClient(aws);
  s3 = new S3Client({ ...aws, forcePathStyle: true });
});
afterAll(async () => {
  expect((await start.stop()).code).toBe(0);
});

async function check(): Promise<CheckResult> {
  const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: FUNCTION }));
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? "").toString("utf8")) as CheckResult;
}

/** Changes how long the function's unpublished version, which `check` calls, waits for the video. */
async function waitFor(READY_WITHIN_SECONDS: string): Promise<void> {
  const FunctionName = FUNCTION;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = { ...Environment?.Variables, READY_WITHIN_SECONDS };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
}

/** Lines of the function's log with a message. */
const logged = (message: string): string[] =>
  readFileSync(join(logFolder, NAME, `${FUNCTION}.log`), "utf8")
    .split("\n")
    .filter((line) => line.includes(`"message":"${message}"`));

test("npm start runs the deployed function once, and says how long its video took", () => {
  expect(start.line("synthetic check")).toMatch(
    new RegExp(`succeeded \\(${FUNCTION}\\), ready \\d+\\.\\d s after the upload, played and deleted`),
  );
  expect(logged("check succeeded").length).toBeGreaterThan(0);
});

test("AWS would allow all that the function does with its role", () => {
  expect(start.output).not.toContain("AWS would deny");
  expect(start.line("permissions")).toMatch(/[1-9]\d+ requests by \d+ roles, all allowed/);
});

describe("when nobody processes the video", () => {
  const Bucket = `streamflow-staging-uploads-${account}`;
  let before: NotificationConfiguration;

  beforeAll(async () => {
    const { QueueConfigurations } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    before = { QueueConfigurations };
    // Without S3's events the processors have nothing to do.
    await notify({});
    await waitFor("5");
  });

  async function notify(NotificationConfiguration: NotificationConfiguration): Promise<void> {
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  }

  test("the check fails at the processing, after the time that its variable gives", async () => {
    expect(await check()).toMatchObject({
      ok: false,
      step: "processing",
      reason: "the video is uploaded after 5 s",
      mediaId: expect.any(String),
    });
    expect(logged("check failed").at(-1)).toContain('"step":"processing"');
  });

  test("the check succeeds again when they do", async () => {
    await notify(before);
    await waitFor("600");
    expect(await check()).toMatchObject({ ok: true });
  });
});
