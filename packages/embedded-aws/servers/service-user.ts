import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chownSync, existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ServiceUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

function lookUp(name: string): ServiceUser | undefined {
  const id = (flag: string) =>
    Number(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout?.trim() || NaN);
  const user = { name, uid: id("-u"), gid: id("-g") };
  return Number.isInteger(user.uid) && Number.isInteger(user.gid) ? user : undefined;
}

/** The user for servers that don't run as root; undefined if this process is not root. */
export function serviceUser(): ServiceUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = lookUp("postgres") ?? lookUp("nobody");
  if (!user)
    throw new Error("PostgreSQL refuses to run as root, and neither user postgres nor nobody exists");
  return user;
}

/** Whether a user may access a path, including all parent folders. */
export function userMay(user: ServiceUser | undefined, test: "-x" | "-w", path: string): boolean {
  const options = user ? { uid: user.uid, gid: user.gid } : {};
  return spawnSync("/bin/sh", ["-c", `test ${test} "$1"`, "sh", path], { ...options, cwd: "/" }).status === 0;
}

/** Creates a folder that only its user can enter. */
export function privateFolder(path: string, user: ServiceUser | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (user) chownSync(path, user.uid, user.gid);
}

/**
 * A private folder of the user; if parent folders are closed to it (a checkout below /root), one in the system's
 * temporary folder with a derived name.
 */
export function enterableFolder(path: string, user: ServiceUser | undefined): string {
  privateFolder(path, user);
  if (!user || userMay(user, "-w", path)) return path;
  const name = createHash("sha256").update(path).digest("hex").slice(0, 12);
  const stand = join(existsSync("/var/tmp") ? "/var/tmp" : tmpdir(), `embedded-aws-${name}`);
  privateFolder(stand, user);
  return stand;
}
