import { environments } from "../../stacks/environments";
import { accessOf, guardAccount } from "../lib/account";
import { alone } from "../lib/stack-lock";
import { terminalQuestion } from "@packages/cli-kit/confirm";
import { Refusal } from "@packages/cli-kit/refusal";
import { type Prepared, prepare } from "../lib/prepared-stack";
import { type Target, targetOf } from "../lib/target";
import { Shutdown } from "@packages/cli-kit/shutdown";
import { Steps } from "@packages/cli-kit/progress";
import type { Kind, Operation } from "./kind";
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
  await perform(command, await prepare(target, access, steps, { out: options.out }), options, steps);
}

/** Does it, for a stack that was synthesized. */
export async function perform(
  command: Command,
  prepared: Prepared,
  options: OperationOptions,
  steps: Steps,
): Promise<void> {
  await steps.run("terraform init", () => prepared.stack.init());
  const { to, yes, accept, dryRun, values } = options;
  const began = new Date();
  const operation = { prepared, steps, dryRun, yes, accept, ask: terminalQuestion(), values, began };
  if (command === "backup") return backUp(operation, options.kinds);
  for (const name of options.kinds) await kinds[name]?.restore.run({ ...operation, to });
}

/** Backs up every kind, whether or not another fails. Throws when one did; a Refusal when all that failed were refused. */
export async function backUp(
  operation: Operation,
  names: readonly string[],
  of: Readonly<Record<string, Pick<Kind, "backup">>> = kinds,
): Promise<void> {
  const failed: { readonly name: string; readonly error: Error }[] = [];
  for (const name of names) {
    await of[name]?.backup.run(operation).catch((error: Error) => {
      failed.push({ name, error });
      operation.steps.line(`${name} was not backed up: ${error.message}`);
    });
  }
  const [first] = failed;
  if (first === undefined) return;
  if (names.length === 1) throw first.error;
  const why = failed.map(({ name, error }) => `  ${name}: ${error.message}`).join("\n");
  const text = `${failed.length} of ${names.length} were not backed up:\n${why}`;
  throw failed.every(({ error }) => error instanceof Refusal) ? new Refusal(text) : new Error(text);
}
