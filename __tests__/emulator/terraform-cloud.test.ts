import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { backup, restore } from "../../cli/backup-restore/command";
import { performBackup, performRestore } from "../../cli/backup-restore/operate";
import { configureWorkspaces } from "../../cli/cloud/run";
import { apply } from "../../cli/delivery/deploy";
import { deployFoundation } from "../../cli/delivery/foundation";
import { plan, type ReviewedPlan } from "../../cli/delivery/plan";
import { RunFolder } from "../../cli/start/run-folder";
import type { Prepared } from "../../cli/lib/prepared-stack";
import { SynthesizedStack } from "../../cli/lib/synthesize";
import { terraformToolchain } from "../../cli/lib/toolchain";
import { copyState } from "../../cli/move-state/run";
import type { CommandContext } from "../../packages/cli-kit/command";
import { Steps } from "../../packages/cli-kit/progress";
import { clientConfig, emulatorEnvironment } from "../../packages/embedded-aws/client";
import type { Emulator } from "../../packages/embedded-aws/servers/emulator";
import { type CloudExecution, TerraformStack } from "../../packages/terraform/terraform-stack";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { foundationName } from "../../stacks/foundation-stack";
import type { EnvironmentSettings } from "../../stacks/settings";
import { settingsOf, synthTo } from "../support/synth";
import { TerraformCloud } from "../support/terraform-cloud/server";
import { type RunningAws, startAws } from "./running-aws";

const state = { kind: "terraform-cloud", organization: "acme", project: "Video platform" } as const;
const settings: EnvironmentSettings = { ...settingsOf("dev"), state };
const output = new PassThrough();
const steps = new Steps(output);
const printed: string[] = [];

let folder: string;
let run: RunFolder;
let aws: RunningAws;
let emulator: Emulator;
let toolchain: TerraformToolchain;
let server: TerraformCloud;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-cloud-dev-"));
  toolchain = await terraformToolchain();
  run = RunFolder.open({ name: "cloud-test", once: true, fresh: true });
  aws = await startAws(run, settings);
  emulator = aws.emulator;
  const { AWS_ENDPOINT_URL = "" } = emulatorEnvironment(emulator.endpoint, settings.region);
  server = await TerraformCloud.start({
    folder: join(folder, "terraform-cloud"),
    organization: "acme",
    token: "secret-token",
    toolchain,
    workerEnv: {
      AWS_ENDPOINT_URL,
      AWS_ENDPOINT_URL_STS: AWS_ENDPOINT_URL,
      AWS_REGION: settings.region,
      TF_CLI_ARGS_apply: "-parallelism=40",
    },
  });
  Object.assign(process.env, server.env);
});

afterAll(async () => {
  for (const name of Object.keys(server.env)) Reflect.deleteProperty(process.env, name);
  steps.end();
  await server.stop();
  await aws.stop();
  run.release();
  rmSync(folder, { recursive: true });
});

const context = (): CommandContext =>
  ({
    steps,
    confirmation: { yes: true, ask: undefined },
    print: (line: string) => printed.push(line),
  }) as unknown as CommandContext;

interface Checkout {
  /** Folder of the synthesized stacks. */
  readonly name: string;
  readonly foundation?: boolean;
  readonly settings?: EnvironmentSettings;
}

/** A stack that a checkout synthesized, as the commands prepare it. */
function prepared(checkout: Checkout): Prepared {
  const { name, foundation = false, settings: own = settings } = checkout;
  const stackName = foundation ? foundationName(own.account) : "streamflow-dev";
  const path = synthTo(join(folder, name), [own]).find((one) => one.endsWith(stackName)) ?? "";
  const synthesized = new SynthesizedStack(stackName, path);
  const out = join(folder, `${name}-${stackName}-out`);
  mkdirSync(out, { recursive: true });
  const env = { ...emulatorEnvironment(emulator.endpoint, own.region), ...server.env };
  const cloud = cloudOf(own, foundation);
  const place = { toolchain, folder: path, env, log: join(out, "terraform.log") };
  return {
    target: { stack: stackName, name: foundation ? "foundation-dev" : "dev", settings: own, foundation },
    access: { name: "the test", env, client: clientConfig(emulator.endpoint, own.region) },
    synthesized,
    stack: new TerraformStack(place, join(out, "plan.tfplan"), { parallelism: 40, cloud }),
    folder: out,
    cloud,
  };
}

function cloudOf({ state: own }: EnvironmentSettings, foundation: boolean): CloudExecution | undefined {
  if (own.kind === "s3") return undefined;
  return foundation ? "local" : "remote";
}

async function planned(one: Prepared): Promise<ReviewedPlan> {
  await one.stack.init();
  return plan(one, steps);
}

async function deployed(one: Prepared): Promise<void> {
  const { changes } = await planned(one);
  await apply(one, changes, steps);
}

const said = (): string => (output.read() as Buffer | null)?.toString() ?? "";

test("npm run cloud creates project, workspaces and variables, and has nothing to do then", async () => {
  await configureWorkspaces(settings, { dryRun: true }, context());
  expect(printed.splice(0)).toEqual(['create the project "Video platform"', "dry run: nothing was changed"]);
  await configureWorkspaces(settings, { dryRun: false }, context());
  printed.splice(0);
  await configureWorkspaces(settings, { dryRun: false }, context());
  expect(printed.splice(0)).toEqual(["dev: nothing to do, the workspaces are as the settings say."]);
});

test("the foundation, whose state is in its workspace, creates the roles of runs", async () => {
  const options = { yes: true, ask: undefined, accept: undefined, reviewed: undefined, apiUrl: undefined };
  await deployFoundation(prepared({ name: "first", foundation: true }), options, steps);
  expect(server.statesOf(foundationName(settings.account)).length).toBeGreaterThan(0);
});

test("dev is applied by runs with their roles, and planned again without a change", async () => {
  const dev = prepared({ name: "first" });
  await deployed(dev);
  expect(server.statesOf("streamflow-dev").length).toBeGreaterThan(0);
  await expect(planned(dev)).resolves.toMatchObject({ empty: true });
  await expect(dev.stack.outputs()).resolves.toMatchObject({ media_function: "streamflow-dev-media" });
});

test("another checkout reads the state", async () => {
  const other = prepared({ name: "second" });
  await expect(planned(other)).resolves.toMatchObject({ empty: true });
});

test("the state is copied, and an earlier version restored, without a change of anything in AWS", async () => {
  const dev = prepared({ name: "first" });
  const [before] = server.statesOf("streamflow-dev");
  await performBackup(dev, backup.parse(["dev", "state"]), context());
  expect(said()).toContain(`--version ${before?.id}`);
  await dev.stack.forget("aws_sqs_queue.media_queue");
  const input = restore.parse(["dev", "state", "--version", before?.id ?? "", "--yes"]);
  await performRestore(dev, input, context());
  expect(said()).toContain("no changes, the state matches AWS");
  expect(await dev.stack.addresses()).toContain("aws_sqs_queue.media_queue");
});

test("the state moves to S3 and back, and plans there have no changes", async () => {
  const inS3: EnvironmentSettings = { ...settings, state: settingsOf("dev").state };
  const { bucket = "", region = "" } = inS3.state as { bucket?: string; region?: string };
  const s3 = new S3Client({ ...clientConfig(emulator.endpoint, region), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const place = {
    organization: undefined,
    hostname: undefined,
    bucket: undefined,
    region: undefined,
    dryRun: false,
  };
  const dev = prepared({ name: "first" });
  await copyState(dev, { ...place, to: "s3", bucket, region }, context());
  const moved = prepared({ name: "s3", settings: inS3 });
  await expect(planned(moved)).resolves.toMatchObject({ empty: true });
  await copyState(moved, { ...place, to: "terraform-cloud", organization: "acme" }, context());
  await expect(planned(dev)).resolves.toMatchObject({ empty: true });
});

test("dev and its foundation are destroyed", async () => {
  const dev = prepared({ name: "first" });
  await dev.stack.init();
  await dev.stack.destroy(0, () => undefined);
  expect(await dev.stack.addresses()).toEqual([]);
  const foundation = prepared({ name: "first", foundation: true });
  await foundation.stack.init();
  await foundation.stack.destroy(0, () => undefined);
  expect(await foundation.stack.addresses()).toEqual([]);
  expect(server.unmodelled).toEqual([]);
});
