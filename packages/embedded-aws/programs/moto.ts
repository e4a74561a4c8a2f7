import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lock } from "@packages/cli-kit/lock";
import { localFolder, projectFolder } from "@packages/cli-kit/paths";
import { aptInstall, canUseApt } from "./apt";
import { runCommand } from "./command";

const requirements = join(projectFolder, "packages/embedded-aws/overlay/requirements.txt");
const environment = join(localFolder, "python");

export interface Moto {
  /** A Python that can run it. */
  readonly python: string;
  readonly version: string;
  readonly source: "installed" | "virtual environment";
}

/**
 * Pinned versions by package. The overlay is written for one version of moto, whose classes it changes, and validates
 * requests by the models of one version of botocore.
 */
export function requiredVersions(
  text = readFileSync(requirements, "utf8"),
): Readonly<Record<"moto" | "botocore", string>> {
  const versionOf = (name: string): string => {
    const version = new RegExp(String.raw`^${name}(?:\[[\w,-]+\])?==([\d.]+)$`, "m").exec(text)?.[1];
    if (!version) throw new Error(`${requirements} has no line ${name}==<version>`);
    return version;
  };
  return { moto: versionOf("moto"), botocore: versionOf("botocore") };
}

/** Whether a Python has those versions and the server's dependencies. */
function has(python: string, { moto, botocore }: ReturnType<typeof requiredVersions>): boolean {
  const code = [
    "import importlib.metadata as m, flask, flask_cors, regex, sys",
    "sys.exit([m.version('moto'), m.version('botocore')] != sys.argv[1:])",
  ].join("\n");
  return spawnSync(python, ["-c", code, moto, botocore], { stdio: "ignore" }).status === 0;
}

async function makeEnvironment(python: string): Promise<void> {
  rmSync(environment, { recursive: true, force: true });
  const make = () => runCommand("python", python, "-m", "venv", environment);
  // Debian's Python needs another package for that
  await make().catch(async (error: Error) => {
    if (!canUseApt()) throw error;
    await aptInstall("python3-venv");
    rmSync(environment, { recursive: true, force: true });
    await make();
  });
  const pip = [
    join(environment, "bin/python"),
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
  ] as const;
  await runCommand("python", ...pip, "--requirement", requirements);
}

/**
 * A Python with the required moto: the machine's, or a virtual environment in `.local/python`, created once. Throws
 * without Python 3.9 or later, or if pip fails.
 */
export async function motoPython(onInstall: () => void = () => undefined): Promise<Moto> {
  const versions = requiredVersions();
  const version = versions.moto;
  if (has("python3", versions)) return { python: "python3", version, source: "installed" };
  const python = join(environment, "bin/python");
  const held = await lock(join(localFolder, "python.lock"));
  try {
    if (!existsSync(python) || !has(python, versions)) {
      const runs = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]);
      if (runs.status !== 0) throw new Error("Python 3.9 or newer is needed: no python3 on PATH is one");
      onInstall();
      await makeEnvironment("python3");
    }
  } finally {
    held.release();
  }
  if (!has(python, versions))
    throw new Error(`${environment} has no moto ${version}, though pip installed it`);
  return { python, version, source: "virtual environment" };
}
