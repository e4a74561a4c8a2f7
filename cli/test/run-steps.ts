import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "./steps";
import { resultOf, type StepResult } from "./summary";

export interface RunOptions {
  /** Folder of package.json. */
  readonly project: string;
  /** Existing folder for reports: JUnit XML of each Jest step in `junit/`. */
  readonly folder: string;
  /** Number of concurrent steps; above 1, the output of each is printed when it has ended. */
  readonly concurrency: number;
  /** Receives the output of the steps. */
  readonly write: (text: string) => void;
}

/** Runs every step even if others fail. Returns the results in the order of the steps. */
export async function runSteps(steps: readonly Step[], options: RunOptions): Promise<StepResult[]> {
  const results: StepResult[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < steps.length; index = next++) {
      results[index] = await runStep(steps[index] as Step, options);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return results;
}

async function runStep(step: Step, options: RunOptions): Promise<StepResult> {
  const { project, folder, concurrency, write } = options;
  const reports = mkdtempSync(join(folder, "step-"));
  const resultsFile = join(reports, "results.jsonl");
  const began = performance.now();
  const header = `\n=== npm run ${step.script}\n`;
  let held = header;
  write(concurrency === 1 ? header : `npm run ${step.script}: started\n`);
  const child = spawn("npm", ["run", "--silent", step.script, "--", ...(step.args ?? [])], {
    cwd: project,
    env: {
      ...process.env,
      ...step.env,
      TEST_RESULTS: resultsFile,
      JEST_JUNIT_OUTPUT_FILE: join(folder, "junit", `${step.script.replaceAll(":", "-")}.xml`),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text: string) => {
      if (concurrency === 1) write(text);
      else held += text;
    });
  }
  const code = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      write(`npm can't be started: ${error.message}\n`);
      resolve(1);
    });
    child.once("close", (exitCode) => resolve(exitCode ?? 1));
  });
  if (concurrency > 1) write(held);
  const result = resultOf(step, { code, milliseconds: performance.now() - began, resultsFile });
  rmSync(reports, { recursive: true, force: true });
  return result;
}
