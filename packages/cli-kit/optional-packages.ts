import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock } from "./lock";

export interface OptionalPackages {
  /** Folder of package.json and package-lock.json. */
  readonly manifest: string;
  /** Folder of node_modules. */
  readonly folder: string;
}

/**
 * Installs npm packages that only one command needs, once per content of their package-lock.json. Safe with concurrent
 * processes. Throws npm's output if it fails.
 */
export async function installOptional({ manifest, folder }: OptionalPackages): Promise<void> {
  const held = await lock(`${folder}.lock`);
  try {
    const content = readFileSync(join(manifest, "package-lock.json"));
    const wanted = createHash("sha256").update(content).digest("hex");
    const stamp = join(folder, "installed");
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
    mkdirSync(folder, { recursive: true });
    for (const name of ["package.json", "package-lock.json"])
      cpSync(join(manifest, name), join(folder, name));
    // CDKTF's bindings declare the Node.js version of their CLI; as a library they run on all supported versions.
    const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--engine-strict=false"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (npm.status !== 0) throw new Error(`npm ci failed in ${folder}:\n${npm.stderr}`);
    writeFileSync(stamp, wanted);
  } finally {
    held.release();
  }
}
