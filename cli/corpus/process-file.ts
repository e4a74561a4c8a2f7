import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { ProcessTree } from "../../harness/process-tree";
import { bundleFunction } from "../../stacks/constructs/compute/program-files";
import type { Processing, WorkerInput } from "./worker-input";

/** What it took to process a file. */
export interface Effort {
  /** Peak memory of the processor and ffmpeg together. */
  readonly peakMemoryMiB: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

const SAMPLE_INTERVAL_MS = 25;

/** Bundles the worker into a folder; returns its program. */
export function bundleWorker(folder: string): string {
  mkdirSync(folder, { recursive: true });
  bundleFunction(resolve(__dirname, "worker"), folder);
  return join(folder, "index.js");
}

/** Processes a file in a process of its own. Rejects if the program ends without a result. */
export async function processFile(
  program: string,
  input: WorkerInput,
): Promise<{ readonly processing: Processing; readonly effort: Effort }> {
  const began = performance.now();
  const child = spawn(process.execPath, [program, JSON.stringify(input)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  const tree = ProcessTree.watch(child.pid ?? 0, SAMPLE_INTERVAL_MS);
  try {
    let processing: Processing | undefined;
    let cpuSeconds = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      processing = JSON.parse(line) as Processing;
      cpuSeconds = tree.cpu();
      child.stdin.end();
    }
    await closed;
    if (processing === undefined) throw new Error(`${input.file}: the worker ended without a result`);
    const wallSeconds = (performance.now() - began) / 1_000;
    return { processing, effort: { peakMemoryMiB: tree.peak(), cpuSeconds, wallSeconds } };
  } finally {
    tree.stop();
  }
}
