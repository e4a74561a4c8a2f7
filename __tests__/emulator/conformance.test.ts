import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { settingsForTrial, synthesizeForTrial } from "../../cli/conformance/environment";
import { tryStacks } from "../../cli/conformance/run";
import { compareReports, type ConformanceReport, describeReport } from "../../cli/conformance/report";
import { SynthesizedStack } from "../../cli/lib/synthesize";
import { emulatorEnvironment } from "../../packages/embedded-aws/client";
import { motoPython } from "../../packages/embedded-aws/programs/moto";
import { startEmulator } from "../../packages/embedded-aws/servers/emulator";
import { untilReady } from "../../packages/embedded-aws/servers/health";
import { freePort } from "../../packages/embedded-aws/servers/ports";
import { type RunningProcess, startProcess } from "../../packages/cli-kit/process";
import { Steps } from "../../packages/cli-kit/progress";
import { committedSettingsOf } from "../support/synth";

const REGION = "us-east-1";
/** The account of moto. */
const ACCOUNT = "123456789012";
const folder = mkdtempSync(join(tmpdir(), "streamflow-conformance-"));
const log = join(folder, "moto.log");
let moto: RunningProcess;
let endpoint: string;
let plain: ConformanceReport;
let ours: ConformanceReport;

/** Three resources: plain moto accepts the first, forgets a part of the second, and does not have the third. */
const RESOURCES = {
  aws_sqs_queue: { taken: { name: "taken" } },
  aws_vpc: { main: { cidr_block: "10.0.0.0/16" } },
  aws_security_group: { group: { name: "group", description: "a group", vpc_id: "${aws_vpc.main.id}" } },
  aws_vpc_security_group_egress_rule: {
    forgotten: {
      security_group_id: "${aws_security_group.group.id}",
      referenced_security_group_id: "${aws_security_group.group.id}",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      description: "HTTPS",
    },
  },
  aws_elasticache_parameter_group: { refused: { name: "refused", family: "redis7" } },
  aws_cloudwatch_log_group: {
    never: { name: "never", depends_on: ["aws_elasticache_parameter_group.refused"] },
  },
};

/** A queue under a key that the account does not have. */
const WITHOUT_KEY = {
  data: { aws_kms_alias: { key: { name: "alias/none" } } },
  resource: {
    aws_sqs_queue: {
      never: { name: "never", kms_master_key_id: "${data.aws_kms_alias.key.target_key_arn}" },
    },
  },
};

function stackIn(parent: string, blocks: object): SynthesizedStack {
  const own = join(folder, parent, "trial");
  mkdirSync(own, { recursive: true });
  const configuration = {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
    provider: { aws: [{ region: REGION, max_retries: 2 }] },
    ...blocks,
  };
  writeFileSync(join(own, "cdk.tf.json"), JSON.stringify(configuration));
  return new SynthesizedStack("trial", own);
}

async function reportOf(url: string, stacks: readonly SynthesizedStack[]): Promise<ConformanceReport> {
  const steps = new Steps(new PassThrough());
  try {
    return await tryStacks(stacks, { name: url, env: emulatorEnvironment(url, REGION) }, steps);
  } finally {
    steps.end();
  }
}

beforeAll(async () => {
  const { python } = await motoPython();
  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  const args = ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)];
  moto = await startProcess({ name: "plain moto", command: python, args, log, env: process.env });
  const answers = async () => (await fetch(`${endpoint}/moto-api/`).catch(() => undefined))?.ok === true;
  await untilReady(moto, answers, { log, timeout: 60_000 });
  plain = await reportOf(endpoint, [stackIn("plain", { resource: RESOURCES })]);
  const emulator = await startEmulator({ accountId: ACCOUNT, log: join(folder, "emulator.log") });
  try {
    ours = await reportOf(emulator.endpoint, [stackIn("ours", { resource: RESOURCES })]);
  } finally {
    await emulator.stop();
  }
});

afterAll(async () => {
  await moto.stop();
  rmSync(folder, { recursive: true });
});

const resultOf = (report: ConformanceReport, address: string) =>
  report.resources.find((one) => one.address.endsWith(` ${address}`));

test("says of each resource whether another AWS took it, refused it, or was never asked", () => {
  expect(plain.resources).toHaveLength(6);
  expect(resultOf(plain, "aws_sqs_queue.taken")).toMatchObject({ outcome: "applied", leftBehind: false });
  const refused = resultOf(plain, "aws_elasticache_parameter_group.refused");
  expect(refused?.outcome).toBe("refused");
  expect(refused?.reason).toMatch(/CreateCacheParameterGroup/);
  expect(resultOf(plain, "aws_cloudwatch_log_group.never")?.outcome).toBe("not-attempted");
});

test("says what would change again", () => {
  const forgotten = resultOf(plain, "aws_vpc_security_group_egress_rule.forgotten");
  expect(forgotten).toMatchObject({ outcome: "applied", differences: ["description"] });
  expect(describeReport(plain).join("\n")).toContain("1 change again, 0 left behind");
});

test("finds nothing of that with the overlay, and the two reports are compared", () => {
  expect(describeReport(ours)).toEqual([expect.stringContaining("6 of 6 resources applied, 0 refused")]);
  const lines = compareReports(plain, ours).map((line) => line.replace(/ by http[^\s,]+/g, ""));
  expect(lines).toEqual([
    expect.stringContaining("aws_cloudwatch_log_group.never: not-attempted, applied"),
    expect.stringContaining("aws_elasticache_parameter_group.refused: refused, applied"),
    expect.stringContaining(
      "aws_vpc_security_group_egress_rule.forgotten: applied, changes again (description), applied",
    ),
  ]);
});

test("reports what keeps a stack from being planned, such as a key that another AWS refused to create", async () => {
  const { resources } = await reportOf(endpoint, [stackIn("blocked", WITHOUT_KEY)]);
  expect(resources).toEqual([
    {
      address: "trial data.aws_kms_alias.key",
      outcome: "refused",
      reason: expect.stringContaining("alias/none") as string,
      differences: [],
      leftBehind: false,
    },
  ]);
});

test("tries what the command synthesizes: here the foundation of dev's account", async () => {
  const settings = settingsForTrial(committedSettingsOf("dev"), ACCOUNT);
  const [foundation] = synthesizeForTrial(settings, join(folder, "foundation"));
  if (foundation === undefined) throw new Error("no foundation was synthesized");
  const { resources } = await reportOf(endpoint, [foundation]);
  expect(resources.map(({ address }) => address)).toEqual(
    foundation.resources.map(({ address }) => `${foundation.name} ${address}`).sort(),
  );
  expect(resources.filter(({ outcome }) => outcome !== "applied")).toEqual([]);
  expect(resources.filter(({ leftBehind }) => leftBehind)).toEqual([]);
});
