import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { unzipSync } from "fflate";
import { deploy, type Deployment } from "../../tools/local/deploy/deploy";
import type { SynthesizedStack } from "../../tools/local/deploy/synth";
import { RunFolder } from "../../tools/local/run-folder";
import { type Emulator, startEmulator } from "../../tools/local/servers/emulator";
import { Steps } from "../../tools/local/terminal/steps";
import { terraformToolchain } from "../../tools/terraform/toolchain";
import { readJson, settingsOf, synthTo } from "../support/synth";

/** As committed, but deletable: whoever destroys it must be let. */
const settings = { ...settingsOf("prod"), protect: false };

const output = new PassThrough();
const steps = new Steps(output);
let folder: string;
let emulator: Emulator;
let run: RunFolder;
let deployment: Deployment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-prod-"));
  const stack = synthTo(folder, [settings]).find((path) => path.endsWith("streamflow-prod")) ?? "";
  const json = readFileSync(join(stack, "cdk.tf.json"));
  const synthesized: SynthesizedStack = {
    name: "streamflow-prod",
    folder: stack,
    sha256: createHash("sha256").update(json).digest("hex"),
    configuration: readJson(join(stack, "cdk.tf.json")) as SynthesizedStack["configuration"],
  };
  run = RunFolder.open({ name: "prod-test", once: true, fresh: true });
  emulator = await startEmulator({ accountId: settings.account, log: run.log("emulator") });
  const toolchain = await terraformToolchain();
  deployment = await deploy({ synthesized, emulator, toolchain, run, steps });
}, 900_000);

afterAll(async () => {
  steps.end();
  await emulator.stop();
  run.release();
  rmSync(folder, { recursive: true });
});

const printed = (): string => (output.read() as Buffer | null)?.toString() ?? "";

test("is applied, and planned again without a change", () => {
  // deploy() throws when the second plan is not empty
  const resources = Object.values((deployment.outputs.media_function && readStack()) || {});
  expect(deployment.resources).toBe(resources.flatMap((named) => Object.keys(named)).length);
  expect(printed()).toContain("second plan: empty");
});

/** Resources of the synthesized stack, by type. */
function readStack(): Record<string, object> {
  return readJson(join(folder, "stacks/streamflow-prod/cdk.tf.json")).resource as Record<string, object>;
}

test("has what only prod asks for", () => {
  expect(Object.keys(readStack())).toEqual(
    expect.arrayContaining([
      "aws_backup_plan",
      "aws_backup_vault_lock_configuration",
      "aws_cloudwatch_metric_alarm",
      "aws_grafana_workspace",
      "aws_nat_gateway",
      "aws_sns_topic_subscription",
    ]),
  );
});

test("no secret stands in a state, a plan or a log", async () => {
  const secrets = await secretValues();
  expect(secrets.length).toBeGreaterThan(0);
  const texts = [...(await states()), ...planTexts(), ...logs()];
  expect(texts.length).toBeGreaterThan(5);
  for (const secret of secrets) {
    expect(texts.filter(({ text }) => text.includes(secret)).map(({ name }) => name)).toEqual([]);
  }
});

test("is destroyed to nothing", async () => {
  await deployment.stack.destroy(deployment.resources, () => undefined);
  expect(await deployment.stack.addresses()).toEqual([]);
  await deployment.foundation?.destroy();
  expect(await deployment.foundation?.addresses()).toEqual([]);
}, 600_000);

interface Text {
  readonly name: string;
  readonly text: string;
}

/** Passwords as the account holds them. */
async function secretValues(): Promise<string[]> {
  const client = new SecretsManagerClient(deployment.aws);
  const { SecretList = [] } = await client.send(new ListSecretsCommand({}));
  const values = await Promise.all(
    SecretList.map(async ({ ARN }) => {
      const found = await client.send(new GetSecretValueCommand({ SecretId: ARN })).catch(() => undefined);
      const secret = JSON.parse(found?.SecretString ?? "{}") as { password?: string };
      return secret.password ?? [];
    }),
  );
  return values.flat();
}

async function states(): Promise<Text[]> {
  const s3 = new S3Client({ ...deployment.aws, forcePathStyle: true });
  const bucket = settings.state.kind === "s3" ? settings.state.bucket : "";
  const names = ["streamflow-prod", "streamflow-foundation-prod"].map(
    (stack) => `${stack}/terraform.tfstate`,
  );
  return Promise.all(
    names.map(async (name) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
      return { name, text: (await Body?.transformToString()) ?? "" };
    }),
  );
}

/** A plan file is a zip of the plan, the state and the configuration. */
function planTexts(): Text[] {
  return Object.entries(unzipSync(readFileSync(run.path("plan.tfplan")))).map(([name, bytes]) => ({
    name: `plan.tfplan/${name}`,
    text: Buffer.from(bytes).toString("latin1"),
  }));
}

function logs(): Text[] {
  return readdirSync(run.logs).map((name) => ({ name, text: readFileSync(join(run.logs, name), "latin1") }));
}
