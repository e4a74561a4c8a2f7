import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { localFolder, projectFolder } from "@packages/cli-kit/paths";
import { runSteps } from "./run-steps";
import { CHECK, LAYERS } from "./steps";
import { summaryOf } from "./summary";

/** Runs the checks, and the layers that need servers unless they are left out; 1 when one fails. */
export async function runTests({ layers }: { readonly layers: boolean }): Promise<0 | 1> {
  const folder = join(localFolder, "check");
  mkdirSync(folder, { recursive: true });
  const options = {
    project: projectFolder,
    folder,
    write: (text: string) => void process.stdout.write(text),
  };
  const results = await runSteps(CHECK, { ...options, concurrency: 2 });
  if (layers) results.push(...(await runSteps(LAYERS, { ...options, concurrency: 1 })));
  process.stdout.write(summaryOf(results));
  return results.some(({ code }) => code !== 0) ? 1 : 0;
}
