import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { localFolder, projectFolder } from "@packages/cli-kit/paths";
import { runSteps } from "./run-steps";
import { changedFiles } from "./changed-files";
import { CHECK, stepsFor, TEST } from "./steps";
import { summaryOf } from "./summary";

export interface TestSelection {
  /** Whether the layers that need servers are run too. */
  readonly layers: boolean;
  /** Whether only the files that differ from the last commit are checked, with the unit tests that import them. */
  readonly changed: boolean;
}

/** Runs the checks and tests that are selected; 1 when one fails. Throws a Refusal where nothing has changed. */
export async function runTests({ layers, changed }: TestSelection): Promise<0 | 1> {
  const folder = join(localFolder, "check");
  mkdirSync(folder, { recursive: true });
  const options = {
    project: projectFolder,
    folder,
    write: (text: string) => void process.stdout.write(text),
  };
  const allSteps = layers ? TEST : CHECK;
  const steps = changed ? stepsFor(changedFiles()) : allSteps;
  const results = await runSteps(steps, { ...options, concurrency: 2 });
  process.stdout.write(summaryOf(results));
  return results.some(({ code }) => code !== 0) ? 1 : 0;
}
