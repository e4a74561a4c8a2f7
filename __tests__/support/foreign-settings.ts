import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyCheckout } from "../../cli/lib/checkout";
import { testEnvironments } from "./test-environments";
import { optional } from "../../stacks/lib/optional";
import { SAMPLE_MAIL_DOMAIN } from "../../stacks/lib/samples";
import type { EnvironmentSettings } from "../../stacks/settings";
import { defineCommand } from "../../packages/cli-kit/command";

export const testSettings = defineCommand({
  name: "test:settings",
  summary:
    "Runs the policies, the documents and the unit tests that read settings with settings of another owner.",
  description:
    "It works on a copy of the checkout, whose stacks/environments.ts has other accounts, domains, regions and sizes, " +
    "a state in Terraform Cloud, and one environment more; then only one environment, without alarms.",
  examples: [""],
  exitsWith1When: "one of them failed",
  run: () => Promise.resolve(runWithForeignSettings()),
});

/** Unit tests that import the settings, or read documents generated from them. */
const JEST_ARGUMENTS = [
  "--selectProjects",
  "unit",
  "--maxWorkers=100%",
  "--findRelatedTests",
  "stacks/environments.ts",
  "__tests__/docs/links.test.ts",
];

function runWithForeignSettings(): 0 | 1 {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-settings-"));
  try {
    copyCheckout(folder);
    const environments = foreignEnvironments();
    const failed = [environments, environments.slice(0, 1)].filter((some) => testWith(some, folder) !== 0);
    return failed.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests with these environments in a copy of the checkout; returns the exit code. */
function testWith(environments: readonly EnvironmentSettings[], folder: string): number {
  writeFileSync(join(folder, "stacks/environments.ts"), sourceOf(environments));
  const node = (...args: string[]): number => run(folder, process.execPath, args);
  return (
    // Other environments have other stateful addresses; fewer would be a loss of data.
    node("--import", "tsx", "commands.ts", "policies", "--accept-data-loss") ||
    node("--import", "tsx", "commands.ts", "docs") ||
    node("node_modules/jest/bin/jest.js", ...JEST_ARGUMENTS)
  );
}

/** An additional environment in the account of the first one, which has pull requests, promoted after it. */
function foreignEnvironments(): EnvironmentSettings[] {
  const all = testEnvironments.map(foreign);
  const [first, ...others] = all;
  if (first === undefined) throw new Error("there are no environments");
  const pullRequests = { most: 2, expireAfterDays: 3 };
  return [{ ...first, pullRequests }, { ...first, name: "qa", domain: "qa.videos.example.org" }, ...others];
}

/** Settings as another user has them: accounts, owners and sizes differ in all environments. */
function foreign(settings: EnvironmentSettings, index: number): EnvironmentSettings {
  const account = String(471_112_345_678 + index);
  const { publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const region = "eu-west-1";
  const audit = settings.state.kind === "s3" ? settings.state.audit : undefined;
  return {
    ...settings,
    account,
    region,
    profile: `acme-${settings.name}`,
    repository: "acme/video-platform",
    domain: `${settings.name}.videos.example.org`,
    dns: { kind: "route53", hostedZoneId: "Z0987654321ZYXWVUTSRQ" },
    state:
      index === 1
        ? { kind: "terraform-cloud", organization: "acme", project: "Video platform" }
        : { kind: "s3", bucket: `acme-terraform-${account}`, region, ...optional({ audit }) },
    network: { ...settings.network, zones: ["a", "b"].map((zone) => `${region}${zone}`) },
    database: { ...settings.database, instanceClass: "db.r7g.2xlarge", performanceInsights: true },
    cache: { ...settings.cache, nodeType: "cache.r7g.xlarge" },
    edge: { ...settings.edge, playbackKeys: { first: publicKey } },
    alarms: withOwnAddresses(settings.alarms),
    budget: withOwnAddresses(settings.budget),
  };
}

/** A group of settings with addresses of another domain. */
function withOwnAddresses<Group extends object>(group: Group): Group {
  return JSON.parse(JSON.stringify(group).replaceAll(SAMPLE_MAIL_DOMAIN, "@acme.example")) as Group;
}

const sourceOf = (environments: readonly EnvironmentSettings[]): string =>
  `import type { EnvironmentSettings } from "./settings";\n\n` +
  `export const environments: readonly EnvironmentSettings[] = ${JSON.stringify(environments, null, 2)};\n`;

function run(folder: string, command: string, args: readonly string[]): number {
  return spawnSync(command, args, { cwd: folder, stdio: "inherit" }).status ?? 1;
}
