import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { localFolder, projectFolder } from "@packages/cli-kit/paths";
import { startProcess } from "@packages/cli-kit/process";
import { runSteps } from "./run-steps";
import type { Step } from "./steps";
import { type StepResult, summaryOf } from "./summary";

export interface StressOptions {
  /** Scripts of package.json, such as `test:services`. */
  readonly scripts: readonly string[];
  /** Number of runs under load, and with files in another order. */
  readonly runs: number;
  /** Number of processes that each use one core. */
  readonly busyProcesses: number;
}

/**
 * Runs layers of tests repeatedly, under load and in random file order, so that tests that depend on timing or on each
 * other fail. Returns 1 if one failed.
 */
export async function stress({ scripts, runs, busyProcesses }: StressOptions): Promise<0 | 1> {
  const folder = join(localFolder, "check");
  mkdirSync(folder, { recursive: true });
  const options = {
    project: projectFolder,
    folder,
    concurrency: 1,
    write: (text: string) => void process.stdout.write(text),
  };
  const { busy, shuffled } = stressSteps(scripts, runs);
  const results: StepResult[] = [];
  const stop = await startBusyProcesses(busyProcesses);
  try {
    results.push(...(await runSteps(busy, options)));
  } finally {
    await stop();
  }
  results.push(...(await runSteps(shuffled, options)));
  process.stdout.write(summaryOf(results));
  return results.some(({ code }) => code !== 0) ? 1 : 0;
}

/** Steps under load and steps in another file order. */
export function stressSteps(scripts: readonly string[], runs: number): { busy: Step[]; shuffled: Step[] } {
  const numbers = Array.from({ length: runs }, (_, index) => index + 1);
  const busy = numbers.flatMap((run) =>
    scripts.map((script) => layer(script, `${script}, busy, run ${run}`)),
  );
  const shuffled = numbers.flatMap((seed) =>
    scripts.map((script) => layer(script, `${script}, order ${seed}`, { TEST_ORDER_SEED: String(seed) })),
  );
  return { busy, shuffled };
}

function layer(script: string, name: string, env: Readonly<Record<string, string>> = {}): Step {
  return { name, script, env, jest: true };
}

/** Starts processes that only compute; returns a function that ends them. */
export async function startBusyProcesses(count: number): Promise<() => Promise<void>> {
  const processes = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      startProcess({
        name: `busy process ${index + 1}`,
        command: process.execPath,
        args: ["-e", "for (;;);"],
        cwd: projectFolder,
      }),
    ),
  );
  return async () => {
    await Promise.all(processes.map((one) => one.stop()));
  };
}
