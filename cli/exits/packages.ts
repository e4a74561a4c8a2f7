import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock } from "@packages/cli-kit/lock";
import { localFolder } from "@packages/cli-kit/paths";

/** Another set of packages under which the stacks must do as well, named by its folder here. */
export type Exit = "cdktn" | "provider-6";

/** A file of the exit's folder. */
export function fileOf(exit: Exit, name: string): string {
  return join(__dirname, exit, name);
}

/**
 * Installs an exit's packages into `.local/exit/`, where its tsconfig.json looks for them; about 10 s and 450 MB, once.
 * Throws what npm says when it fails.
 */
export async function installPackages(exit: Exit): Promise<void> {
  const folder = join(localFolder, "exit", exit);
  const held = await lock(`${folder}.lock`);
  try {
    const wanted = createHash("sha256")
      .update(readFileSync(fileOf(exit, "package-lock.json")))
      .digest("hex");
    const stamp = join(folder, "installed");
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
    mkdirSync(folder, { recursive: true });
    for (const name of ["package.json", "package-lock.json"]) cpSync(fileOf(exit, name), join(folder, name));
    // The bindings ask for the Node.js of their command line; as a library they run on every one that we run on.
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
