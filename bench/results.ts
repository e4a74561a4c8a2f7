import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { projectFolder } from "@packages/cli-kit/paths";
import type { Benchmark, Measured } from "./case";
import type { Row } from "./rows";

/** A case, every sample that was taken of it, and what became of them. */
export interface Result {
  readonly benchmark: Pick<Benchmark, "name" | "about">;
  readonly measured: Measured;
  readonly rows: readonly Row[];
}

/** On what, of what and when it was measured. */
export interface Machine {
  readonly date: string;
  /** Of the checkout, with `+` when files differ from it. */
  readonly commit: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

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

export function machineText({ date, commit, processor, cores, memoryGiB, system, node }: Machine): string {
  return `${cores} × ${processor}, ${memoryGiB} GiB, ${system}, Node.js ${node}, commit ${commit}, ${date.slice(0, 16).replace("T", " ")} UTC`;
}

function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, {
      cwd: projectFolder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+");
  } catch {
    return "unknown";
  }
}
