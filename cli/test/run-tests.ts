import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { localFolder, projectFolder } from "@packages/cli-kit/paths";
import { runSteps } from "./run-steps";
import { changedFiles } from "./changed-files";
import { writeLintProjects } from "./lint-projects";
import { CHECK, codeIn, type Step, stepsFor, TEST } from "./steps";
import { summaryOf } from "./summary";

export interface TestSelection {
  /** Also run the layers that need servers. */
  readonly layers: boolean;
  /** Check only files that differ from the last commit, and run the unit tests that import them. */
  readonly changed: boolean;
}

/** Runs the selected checks and tests; returns 1 if one fails. Throws a Refusal if no file has changed. */
export async function runTests({ layers, changed }: TestSelection): Promise<0 | 1> {
  const folder = join(localFolder, "check");
  mkdirSync(folder, { recursive: true });
  const options = {
    project: projectFolder,
    folder,
    write: (text: string) => void process.stdout.write(text),
  };
  const allSteps = layers ? TEST : CHECK;
  const steps = changed ? changedSteps(join(folder, "lint")) : allSteps;
  const results = await runSteps(steps, { ...options, concurrency: 2 });
  process.stdout.write(summaryOf(results));
  return results.some(({ code }) => code !== 0) ? 1 : 0;
}

function changedSteps(folder: string): readonly Step[] {
  const changed = changedFiles();
  return stepsFor(changed, writeLintProjects(codeIn(changed), { project: projectFolder, folder }));
}
