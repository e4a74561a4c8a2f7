import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { testEnvironments } from "./test-environments";
import type { EnvironmentSettings } from "../../stacks/settings";
import { defineCommand } from "../../packages/cli-kit/command";
import { projectFolder } from "../../packages/cli-kit/paths";

export const testSettings = defineCommand({
  name: "test:settings",
  summary: "Runs the policies, the documents and the unit tests with settings that somebody else could have.",
  description:
    "It works on a copy of the checkout, whose stacks/environments.ts has other accounts, domains, regions and sizes.",
  examples: [""],
  exitsWith1When: "one of them failed",
  run: () => Promise.resolve(runWithForeignSettings()),
});

function runWithForeignSettings(): 0 | 1 {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-settings-"));
  try {
    copyCheckout(folder);
    writeFileSync(join(folder, "stacks/environments.ts"), sourceOf(testEnvironments.map(foreign)));
    const node = (...args: string[]): number => run(folder, process.execPath, args);
    const status =
      node("--import", "tsx", "cli/main.ts", "policies") ||
      node("--import", "tsx", "cli/main.ts", "docs") ||
      node("node_modules/jest/bin/jest.js", "--selectProjects", "unit", "--maxWorkers=100%");
    return status === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files that git knows or would add, and the packages. */
function copyCheckout(folder: string): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: projectFolder,
    encoding: "utf8",
  });
  for (const file of listed.split("\0").filter((path) => path && existsSync(join(projectFolder, path)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(projectFolder, file), join(folder, file));
  }
  linkPackages(folder);
}

/** The installed packages, but those of this repository from the copy: they find the checkout by their own place. */
function linkPackages(folder: string): void {
  const installed = join(projectFolder, "node_modules");
  const own = join(folder, "node_modules/@packages");
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync(join(folder, "packages"))) {
    symlinkSync(join(folder, "packages", name), join(own, name));
  }
  for (const name of readdirSync(installed).filter((one) => one !== "@packages")) {
    symlinkSync(join(installed, name), join(folder, "node_modules", name));
  }
}

/** Settings as somebody else has them: what names an account, an owner or a size differs in all environments. */
function foreign(settings: EnvironmentSettings, index: number): EnvironmentSettings {
  const account = String(471_112_345_678 + index);
  const { publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const region = "eu-west-1";
  return {
    ...settings,
    account,
    region,
    profile: `acme-${settings.name}`,
    repository: "acme/video-platform",
    domain: `${settings.name}.videos.example.org`,
    state: { kind: "s3", bucket: `acme-terraform-${account}`, region },
    network: { ...settings.network, zones: ["a", "b"].map((zone) => `${region}${zone}`) },
    database: { ...settings.database, instanceClass: "db.r7g.2xlarge", performanceInsights: true },
    cache: { ...settings.cache, nodeType: "cache.r7g.xlarge" },
    edge: { ...settings.edge, playbackKeys: { first: publicKey } },
  };
}

const sourceOf = (environments: readonly EnvironmentSettings[]): string =>
  `import type { EnvironmentSettings } from "./settings";\n\n` +
  `export const environments: readonly EnvironmentSettings[] = ${JSON.stringify(environments, null, 2)};\n`;

function run(folder: string, command: string, args: readonly string[]): number {
  return spawnSync(command, args, { cwd: folder, stdio: "inherit" }).status ?? 1;
}
