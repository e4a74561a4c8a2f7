import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { projectFolder } from "@packages/cli-kit/paths";
import type { Machine } from "../cli/docs/performance/measurements";

/** Description of this machine, and the checkout's commit. */
export function machine(date: Date): Machine {
  const [first] = cpus();
  return {
    date: date.toISOString(),
    commit: commit(),
    processor: first?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}

function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, {
      cwd: projectFolder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    // The measurement file changes between cases and does not count.
    const changed = git("status", "--porcelain", "--", ".", ":!docs/performance.*");
    return git("rev-parse", "--short", "HEAD") + (changed === "" ? "" : "+");
  } catch {
    return "unknown";
  }
}
