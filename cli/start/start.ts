import type { CommandContext } from "@packages/cli-kit/command";
import { embeddedAws, type StartOptions } from "./run";
import { RunFolder } from "./run-folder";

/** Runs until a signal ends the process; with `once` until everything is destroyed. Throws on failure. */
export async function start(options: StartOptions, { steps, shutdown }: CommandContext): Promise<void> {
  const run = RunFolder.open(options);
  shutdown.before(() => run.release());
  try {
    await embeddedAws({ options, run, steps, shutdown });
  } catch (error) {
    if (error instanceof Error && run.resumed) {
      error.message += "\nResumed from an earlier run; use npm start -- --fresh to start over.";
    }
    throw error;
  }
  if (!options.once) await new Promise<never>(() => undefined);
}
