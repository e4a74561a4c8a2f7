import { OptionError, parseOptions, usage } from "./options";
import { RunFolder } from "./run-folder";
import { Shutdown } from "@packages/cli-kit/shutdown";
import { embeddedAws } from "./run";
import { Steps } from "@packages/cli-kit/progress";

/** `npm start`: see options.ts for what it can be told. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(usage);
  const steps = new Steps();
  const shutdown = new Shutdown((signal) => steps.line(`${signal}: stopping`));
  shutdown.before(() => steps.end());
  let run: RunFolder | undefined;
  try {
    run = RunFolder.open(options);
    shutdown.before(() => run?.release());
    await embeddedAws({ options, run, steps, shutdown });
  } catch (error) {
    // what fails while everything is being stopped fails because of that
    if (!shutdown.underWay) {
      steps.end();
      const hint = run?.resumed
        ? "\nThis run took up an earlier one; npm start -- --fresh begins anew.\n"
        : "";
      process.stderr.write(`\n${(error as Error).message}\n${hint}`);
    }
    await shutdown.exit(1);
  }
  if (options.once) await shutdown.exit(0);
}

main().catch((error: Error) => {
  const known = error instanceof OptionError;
  process.stderr.write(`${known ? error.message : (error.stack ?? error.message)}\n`);
  process.exitCode = known ? 2 : 1;
});
