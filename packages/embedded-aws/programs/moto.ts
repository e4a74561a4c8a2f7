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
  /** Path of a Python that can run moto. */
  readonly python: string;
  readonly version: string;
  readonly source: "installed" | "virtual environment";
}

/** The exact moto version for the overlay, which depends on moto's internals. */
export function requiredMoto(text = readFileSync(requirements, "utf8")): string {
  const version = /^moto(?:\[[\w,-]+\])?==([\d.]+)/m.exec(text)?.[1];
  if (!version) throw new Error(`${requirements} has no line moto[...]==<version>`);
  return version;
}

/** Whether a Python has that version and the server's dependencies. */
function has(python: string, version: string): boolean {
  const code =
    "import importlib.metadata as m, flask, flask_cors, sys; sys.exit(m.version('moto') != sys.argv[1])";
  return spawnSync(python, ["-c", code, version], { stdio: "ignore" }).status === 0;
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
  const version = requiredMoto();
  if (has("python3", version)) return { python: "python3", version, source: "installed" };
  const python = join(environment, "bin/python");
  const held = await lock(join(localFolder, "python.lock"));
  try {
    if (!existsSync(python) || !has(python, version)) {
      const runs = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]);
      if (runs.status !== 0) throw new Error("Python 3.9 or later is required, and no python3 on PATH is");
      onInstall();
      await makeEnvironment("python3");
    }
  } finally {
    held.release();
  }
  if (!has(python, version))
    throw new Error(`${environment} has no moto ${version}, though pip installed it`);
  return { python, version, source: "virtual environment" };
}
