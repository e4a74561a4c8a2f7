import { spawnSync } from "node:child_process";
import { aptInstall, canUseApt } from "./apt";
import { runCommand } from "./command";

/** A program and where it is from, or why there is none. */
export type FoundProgram<Found> =
  (Found & { readonly source: "PATH" | "apt-get" | "Homebrew" }) | { readonly missing: string };

export interface FindOptions<Found> {
  /** Finds the program on PATH; undefined if there is none that can be used. */
  readonly find: () => Found | undefined;
  /** Names of the package by package manager. */
  readonly packages: { readonly apt: string; readonly brew: string };
  /** What the program must be, such as `of version 7 or later`. */
  readonly needed: string;
  /** Called before an installation. */
  readonly onInstall: (() => void) | undefined;
}

/** A program from PATH, or installed by apt-get (as root) or Homebrew; otherwise the reason. Never throws. */
export async function findOrInstall<Found>(options: FindOptions<Found>): Promise<FoundProgram<Found>> {
  const { find, packages, needed, onInstall } = options;
  const found = find();
  if (found !== undefined) return { ...found, source: "PATH" };
  try {
    onInstall?.();
    const source = await install(packages);
    if (source === undefined) return { missing: "neither root with apt-get nor Homebrew" };
    const installed = find();
    return installed === undefined
      ? { missing: `${source} installed none ${needed}` }
      : { ...installed, source };
  } catch (error) {
    return { missing: (error as Error).message.split("\n")[0] ?? "" };
  }
}

/** Installs a package; returns undefined without a package manager that can be used. */
async function install({
  apt,
  brew,
}: FindOptions<unknown>["packages"]): Promise<"apt-get" | "Homebrew" | undefined> {
  if (canUseApt()) {
    await aptInstall(apt);
    return "apt-get";
  }
  if (spawnSync("brew", ["--version"], { stdio: "ignore" }).status !== 0) return undefined;
  await runCommand(`brew-${brew}`, "brew", "install", brew);
  return "Homebrew";
}
