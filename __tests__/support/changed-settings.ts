import { generateKeyPairSync } from "node:crypto";
import type { EnvironmentSettings } from "../../stacks/settings";
import { settingsOf } from "./synth";

/** Settings of an environment that is applied to the emulator, and changed ones that are applied to what runs then. */
export interface ChangedSettings {
  readonly before: EnvironmentSettings;
  readonly changed: EnvironmentSettings;
}

const dev = settingsOf("dev");
const prod = settingsOf("prod");

/** A hosted zone, in an environment that had none. */
const changedDev: EnvironmentSettings = {
  ...dev,
  repository: "streamflow/renamed",
  domain: "videos.streamflow.com",
  dns: { kind: "route53", hostedZoneId: "Z0123456789ABCDEFGHIJ" },
  logs: { retentionDays: 30 },
  network: { ...dev.network, endpoints: ["secretsmanager", "sqs"], flowLogs: "ALL" },
  database: {
    ...dev.database,
    maxStorageGiB: 60,
    backupRetentionDays: 3,
    backupWindow: "02:00-03:00",
    maintenanceWindow: "sat:05:00-sat:06:00",
    monitoringIntervalSeconds: 60,
  },
  cache: {
    ...dev.cache,
    nodeType: "cache.t4g.small",
    authentication: { off: "a test" },
    snapshotRetentionDays: 1,
  },
  queue: { visibilityTimeout: "10 minutes", maxReceives: 4, deadLetterRetention: "7 days" },
  api: { throttleRate: 60, throttleBurst: 120 },
  quotas: { videos: 101, gibibytes: 101, minutes: 1_001 },
  storage: { sourcesInfrequentAccessDays: 60, noncurrentDays: 14, logsExpirationDays: 60 },
  media: { memory: 1024, timeout: "20 seconds" },
  processor: {
    ...dev.processor,
    cpu: 512,
    memory: 2048,
    maximumTasks: 12,
    cpuTarget: 60,
    backlogTarget: 4,
    cooldown: "90 seconds",
    containerInsights: true,
    spot: false,
  },
  firewall: { ...dev.firewall, rateLimit: 3_000, managedGroups: ["ipReputation", "common"] },
  edge: { ...dev.edge, priceClass: "PriceClass_200" },
  app: { ...dev.app, stage: "BETA" },
  tracing: { samplingRate: 0.5 },
  alarms: { owner: "platform", emails: ["on-call@streamflow.com"], pagers: [] },
  budget: { monthlyUsd: 200, emails: ["platform@streamflow.com", "finance@streamflow.com"] },
};

/** Settings that change constructs without replacing anything that holds data. */
export const changesOfDev: ChangedSettings = { before: dev, changed: changedDev };

const audit = { retentionDays: 365, dataEvents: true };

/** Not protected, so that a test can destroy it; with optional settings that no environment has. */
const unprotectedProd: EnvironmentSettings = {
  ...prod,
  protect: false,
  state: prod.state.kind === "s3" ? { ...prod.state, audit } : prod.state,
  dns: { kind: "route53", hostedZoneId: "Z0123456789ABCDEFGHIJ" },
};

const certificate = (number: number): string =>
  `arn:aws:acm:${prod.region}:${prod.account}:certificate/12345678-1234-1234-1234-12345678901${number}`;

/** The public key of a new pair, in PEM. */
function publicKey(): string {
  const { publicKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return key.export({ type: "spki", format: "pem" }).toString();
}

/** What dev does not have, and what differs between having and changing. */
const changedProd: EnvironmentSettings = {
  ...unprotectedProd,
  repositoryIds: { owner: 583_231, repository: 1_296_269 },
  dns: { kind: "certificates", edgeCertificateArn: certificate(1), originCertificateArn: certificate(2) },
  network: { ...prod.network, nat: "one" },
  firewall: { ...prod.firewall, edge: { off: "a test" } },
  edge: { ...prod.edge, playbackKeys: { ...prod.edge.playbackKeys, next: publicKey() } },
  alarms: {
    owner: "media",
    emails: ["media@streamflow.com"],
    pagers: ["https://events.pagerduty.com/integration/1/enqueue"],
  },
  slo: {
    availability: 99.5,
    latency: { percent: 98, milliseconds: 2_000 },
    ready: { percent: 96, milliseconds: 600_000 },
    minimum: { requests: 500, videos: 5 },
  },
  syntheticCheck: { everyMinutes: 20, readyWithinMinutes: 8 },
  grafana: {
    kind: "identity-center",
    adminUsers: ["906786f2a1-10a2b3c4-1111-2222-3333-444455556667"],
    adminGroups: [],
  },
  backup: {
    dailyDays: 30,
    weeklyDays: 0,
    monthlyDays: 400,
    streams: true,
    vaultLock: true,
    copyTo: { region: "us-west-2", keepDays: 40 },
  },
};

export const changesOfProd: ChangedSettings = { before: unprotectedProd, changed: changedProd };

/** Settings that no test changes in what runs, and why. */
export const UNCHANGED: Partial<Record<keyof EnvironmentSettings, string>> = {
  name: "another name is another environment: a change replaces everything",
  account: "another account is another environment",
  region: "a change replaces everything",
  profile: "only commands read it: no resource has it",
  accountWide: "it is chosen before the first deployment, and a change takes terraform state rm",
  state: "a state is moved by terraform init -migrate-state, not by an apply",
  pullRequests:
    "only the foundation changes: __tests__/emulator/pull-request-journey.ts adds them to what runs",
  protect: "what is protected can't be destroyed at the end of a test; the tests of plans change it",
  encryption: "a change replaces what holds data, and the review blocks it",
};
