import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { bundleFunction } from "../../stacks/constructs/compute/program-files";
import type { Processing, WorkerInput, WorkerOutput } from "./worker-input";

/** What it took to process a file. */
export interface Effort extends Pick<WorkerOutput, "peakMemoryMiB" | "cpuSeconds"> {
  readonly wallSeconds: number;
}

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
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  const wallSeconds = (performance.now() - began) / 1_000;
  if (output === "") throw new Error(`${input.file}: the worker ended without a result`);
  const { processing, ...measured } = JSON.parse(output) as WorkerOutput;
  return { processing, effort: { ...measured, wallSeconds } };
}
