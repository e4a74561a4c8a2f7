import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { App, TerraformOutput } from "cdktf";
import { SynthesizedStack } from "../../cli/lib/synthesize";
import { terraformToolchain } from "../../cli/lib/toolchain";
import { deploy, type Deployment } from "../../cli/start/deploy";
import { type Functions, runFunctions } from "../../cli/start/functions";
import { RunFolder } from "../../cli/start/run-folder";
import { serve } from "../../cli/start/serve";
import { removedMessage } from "../../handlers/services/removed-media";
import { Steps } from "../../packages/cli-kit/progress";
import { until } from "../../packages/cli-kit/wait-until";
import { certificateAuthority } from "../../packages/embedded-aws/servers/certificates";
import { type Emulator, startEmulator } from "../../packages/embedded-aws/servers/emulator";
import { BaseStack } from "../../stacks/base-stack";
import { Invalidations } from "../../stacks/constructs/edge/invalidations";
import { here, logs } from "../support/network";
import { baseProps } from "../support/synth";
import { invalidatedPaths } from "./invalidated-paths";
import { refusalsOf } from "./refusals";

const IDS = ["0b9d3c1e-7c3e-4d7b-9a53-0f2a64a1c9de", "5f0c6d2a-1111-4222-8333-94a5b6c7d8e9"] as const;
const OTHER = `arn:aws:cloudfront::${baseProps.account}:distribution/EOTHER`;

/** A separate stack: a distribution, and what invalidates it, by a role for this distribution or for another one. */
class InvalidationStack extends BaseStack {
  constructor(app: App, id: string, mayInvalidate: "its own" | "another") {
    super(app, id, { ...baseProps, state: { kind: "terraform-cloud", organization: "scratch" } });
    const distribution = new CloudfrontDistribution(this, "edge", {
      enabled: true,
      origin: [
        {
          originId: "app",
          domainName: "app.example.com",
          customOriginConfig: {
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: "https-only",
            originSslProtocols: ["TLSv1.2"],
          },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "app",
        viewerProtocolPolicy: "https-only",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        // AWS's CachingOptimized.
        cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    const invalidations = new Invalidations(this, "invalidations", here);
    const invalidate = invalidations.of({
      environment: "test",
      logs,
      edge: {
        distributionId: distribution.id,
        distributionArn: mayInvalidate === "another" ? OTHER : distribution.arn,
      },
    });
    new TerraformOutput(this, "queue_url", { value: invalidations.queue.url });
    new TerraformOutput(this, "function", { value: invalidate.functionName });
  }
}

const steps = new Steps(new PassThrough());
const stops: (() => Promise<void>)[] = [];
let folder: string;
let run: RunFolder;
let emulator: Emulator;
let deployment: Deployment;
let functions: Functions;

async function apply(mayInvalidate: "its own" | "another"): Promise<Deployment> {
  const app = new App({ outdir: join(folder, mayInvalidate) });
  const stack = new InvalidationStack(app, "scratch", mayInvalidate);
  app.synth();
  const synthesized = new SynthesizedStack("scratch", join(app.outdir, "stacks", stack.node.id));
  return deploy({ synthesized, emulator, toolchain: await terraformToolchain(), run, steps });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-invalidations-"));
  run = RunFolder.open({ name: "invalidations-test", once: true, fresh: true });
  emulator = await startEmulator({ accountId: baseProps.account, log: run.log("emulator") });
  stops.unshift(() => emulator.stop());
  deployment = await apply("its own");
  functions = await runFunctions({
    aws: deployment.aws,
    accountId: baseProps.account,
    authority: await certificateAuthority(join(folder, "ca")),
    postgres: undefined,
    redis: undefined,
    run,
  });
  stops.unshift(() => functions.stop());
  const served = await serve({ deployment, functions, run, print: () => undefined });
  stops.unshift(() => served.stop());
});

afterAll(async () => {
  for (const stop of stops) await stop();
  steps.end();
  run.release();
  rmSync(folder, { recursive: true });
});

async function announce(id: string): Promise<void> {
  const { queue_url: QueueUrl } = deployment.outputs;
  await new SQSClient(deployment.aws).send(
    new SendMessageCommand({ QueueUrl, MessageBody: removedMessage(id) }),
  );
}

const isInvalidated = async (id: string): Promise<boolean> =>
  (await invalidatedPaths(deployment.aws)).includes(`/stream/${id}/*`);
const log = () => readFileSync(run.log(deployment.outputs.function ?? ""), "utf8");

test("a message about a removed video invalidates its files, which the function's role may do", async () => {
  await announce(IDS[0]);
  await until("the video is invalidated", () => isInvalidated(IDS[0]), { details: log });
  expect(await invalidatedPaths(deployment.aws)).toEqual([`/stream/${IDS[0]}/*`]);
  await until("the function has logged it", () => log().includes('"message":"invalidated"'), {
    details: log,
  });
  expect(await functions.permissions.look()).toEqual([]);
  const { refused, unknown } = await refusalsOf(emulator.endpoint);
  expect({ refused, unknown }).toEqual({ refused: [], unknown: [] });
});

test("a role for another distribution is found by its call", async () => {
  deployment = await apply("another");
  await announce(IDS[1]);
  await until("the video is invalidated", () => isInvalidated(IDS[1]), { details: log });
  expect(await functions.permissions.look()).toEqual([
    expect.stringMatching(/invalidations-function-role.*cloudfront:CreateInvalidation/),
  ]);
});
