import { environments } from "../../stacks/environments";
import { accessOf, guardAccount } from "../delivery/account";
import { alone } from "../delivery/alone";
import { terminalQuestion } from "../delivery/approval";
import { Refusal } from "../delivery/refusal";
import { prepare } from "../delivery/stack";
import { type Target, targetOf } from "../delivery/target";
import { Shutdown } from "../local/shutdown";
import { Steps } from "../local/terminal/steps";
import { kinds } from "./kinds";
import { type Command, type OperationOptions, parseOptions, usage } from "./options";

/** Runs `npm run backup` or `npm run restore`, and exits: 0 done, 1 failed, 2 refused. */
export async function runCommand(command: Command, args: readonly string[]): Promise<void> {
  const steps = new Steps();
  const shutdown = new Shutdown((signal) =>
    steps.line(`${signal}: stopped between two steps; the same command goes on from there`),
  );
  shutdown.before(() => steps.end());
  try {
    const options = parseOptions(command, args, new Date());
    if (options.help) process.stdout.write(usage(command));
    else {
      const target = targetOf(options.environment, environments);
      await alone(target, () => operate(command, target, options, steps));
    }
    await shutdown.exit(0);
  } catch (error) {
    // what fails while everything is being stopped fails because of that
    if (!shutdown.underWay) {
      steps.end();
      process.stderr.write(`\n${(error as Error).message}\n`);
    }
    await shutdown.exit(error instanceof Refusal ? 2 : 1);
  }
}

async function operate(
  command: Command,
  target: Target,
  options: OperationOptions,
  steps: Steps,
): Promise<void> {
  const access = accessOf(target.settings);
  await steps.run(
    "account",
    () => guardAccount(access, target.settings),
    (arn) => `${target.settings.account}, by ${access.name} (${arn})`,
  );
  const prepared = await prepare(target, access, steps, { out: options.out });
  await steps.run("terraform init", () => prepared.stack.init());
  const { to, yes, accept, dryRun, values } = options;
  const began = new Date();
  const operation = { prepared, steps, dryRun, yes, accept, ask: terminalQuestion(), values, began };
  for (const name of options.kinds) {
    if (command === "backup") await kinds[name]?.backup.run(operation);
    else await kinds[name]?.restore.run({ ...operation, to });
  }
}
