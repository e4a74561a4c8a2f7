import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { lock } from "@packages/cli-kit/lock";
import { staleReason } from "../cli/setup/main";

/** Folder of baselines, one subfolder each with package.json, package-lock.json and its files. */
const BASELINES_FOLDER = join(__dirname, "baselines");

/**
 * Copies a baseline to `.local/bench/baselines/<name>/` and installs its packages once; returns the folder. Throws
 * npm's output if it fails.
 */
export async function installBaseline(name: string, tell: (line: string) => void): Promise<string> {
  const folder = join(localFolder, "bench/baselines", name);
  mkdirSync(folder, { recursive: true });
  const held = await lock(`${folder}.lock`);
  try {
    cpSync(join(BASELINES_FOLDER, name), folder, { recursive: true });
    const reason = staleReason(folder);
    if (reason === undefined) return folder;
    tell(`npm ci of the baseline ${name}, because ${reason}`);
    const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (npm.status !== 0) throw new Error(`npm ci failed in ${folder}:\n${npm.stderr}`);
    return folder;
  } finally {
    held.release();
  }
}
