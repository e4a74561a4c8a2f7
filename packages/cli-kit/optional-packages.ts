import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock } from "./lock";

export interface OptionalPackages {
  /** The folder with their package.json and package-lock.json. */
  readonly manifest: string;
  /** Where node_modules is made. */
  readonly folder: string;
}

/**
 * Installs npm packages that only one command needs, once for each content of their package-lock.json. Several
 * processes may ask at once. Throws what npm says when it fails.
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
    // CDKTF's bindings ask for the Node.js of their command line; as a library they run on every one that we run on.
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
