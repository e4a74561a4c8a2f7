import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { deploy, type Deployment } from "../../cli/start/deploy";
import { RunFolder } from "../../cli/start/run-folder";
import { SynthesizedStack } from "../../cli/lib/synthesize";
import { terraformToolchain } from "../../cli/lib/toolchain";
import { Steps } from "../../packages/cli-kit/progress";
import { type Emulator, startEmulator } from "../../packages/embedded-aws/servers/emulator";
import type { EnvironmentSettings } from "../../stacks/settings";
import { cfnLint, creationsOf } from "../support/cfn-lint";
import { expectNoFaults } from "../support/faults";
import { settingsOf, synthTo } from "../support/synth";
import { unrecordedAsks } from "./delivery-asks";
import { refusalsOf } from "./refusals";

const before = settingsOf("dev");

const certificate = (number: number): string =>
  `arn:aws:acm:${before.region}:${before.account}:certificate/12345678-1234-1234-1234-12345678901${number}`;

/** Settings that change every construct without replacing anything that holds data. */
const changed: EnvironmentSettings = {
  ...before,
  repository: "streamflow/renamed",
  logs: { retentionDays: 30 },
  network: { ...before.network, endpoints: ["secretsmanager", "sqs"], flowLogs: "ALL" },
  database: {
    ...before.database,
    maxStorageGiB: 60,
    backupRetentionDays: 3,
    backupWindow: "02:00-03:00",
    maintenanceWindow: "sat:05:00-sat:06:00",
    monitoringIntervalSeconds: 60,
  },
  cache: {
    ...before.cache,
    nodeType: "cache.t4g.small",
    authentication: { off: "a test" },
    snapshotRetentionDays: 1,
  },
  queue: { visibilityTimeout: "10 minutes", maxReceives: 4, deadLetterRetention: "7 days" },
  api: { throttleRate: 60, throttleBurst: 120 },
  storage: { sourcesInfrequentAccessDays: 60, noncurrentDays: 14, logsExpirationDays: 60 },
  media: { memory: 1024, timeout: "20 seconds" },
  processor: {
    ...before.processor,
    cpu: 512,
    memory: 2048,
    maximumTasks: 12,
    cpuTarget: 60,
    backlogTarget: 4,
    cooldown: "90 seconds",
    containerInsights: true,
    spot: false,
  },
  firewall: { ...before.firewall, rateLimit: 3_000, managedGroups: ["ipReputation", "common"] },
  dns: { kind: "certificates", edgeCertificateArn: certificate(1), originCertificateArn: certificate(2) },
  edge: { ...before.edge, priceClass: "PriceClass_200" },
  app: { ...before.app, stage: "BETA" },
  tracing: { samplingRate: 0.5 },
  alarms: { owner: "platform", emails: ["on-call@streamflow.com"], pagers: [] },
  budget: { monthlyUsd: 200, emails: ["platform@streamflow.com", "finance@streamflow.com"] },
};

const steps = new Steps(new PassThrough());
let folder: string;
let run: RunFolder;
let emulator: Emulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-updates-"));
  run = RunFolder.open({ name: "updates-test", once: true, fresh: true });
  emulator = await startEmulator({ accountId: before.account, log: run.log("emulator") });
});

afterAll(async () => {
  steps.end();
  await emulator.stop();
  run.release();
  rmSync(folder, { recursive: true });
});

let deployment: Deployment;

/** Applies the settings to the running environment; returns whether a second plan is empty. */
async function applied(settings: EnvironmentSettings, name: string): Promise<boolean> {
  const [stack = ""] = synthTo(join(folder, name), [settings]).filter((path) =>
    path.endsWith("streamflow-dev"),
  );
  const synthesized = new SynthesizedStack("streamflow-dev", stack);
  deployment = await deploy({
    synthesized,
    emulator,
    toolchain: await terraformToolchain(),
    run,
    steps,
  });
  return deployment.prove();
}

test("a change of every block is applied to what runs, and back, and leaves nothing to do", async () => {
  expect(await applied(before, "before")).toBe(true);
  expect(await applied(changed, "changed")).toBe(true);
  expect(await applied(before, "back")).toBe(true);
  const { refused, unknown } = await refusalsOf(emulator.endpoint);
  expect({ refused, unknown }).toEqual({ refused: [], unknown: [] });
  expect(await cfnLint(await creationsOf(emulator.endpoint), before.region)).toEqual([]);
});

test("is destroyed by the apply role to nothing", async () => {
  await deployment.stack.destroy(deployment.resources, () => undefined);
  expect(await deployment.stack.addresses()).toEqual([]);
  expect(await deployment.deliveryRoles?.permissions.check()).toContain("all allowed by their policies");
});

test.each(["plan", "apply"] as const)("every permission that the %s role needs is recorded", async (role) => {
  expectNoFaults(await unrecordedAsks(emulator.endpoint, role, before));
});
