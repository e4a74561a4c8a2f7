import { environments } from "../../stacks/environments";
import { Shutdown } from "@packages/cli-kit/shutdown";
import { Steps } from "@packages/cli-kit/progress";
import { accessOf, guardAccount } from "../lib/account";
import { alone } from "../lib/stack-lock";
import { terminalQuestion } from "@packages/cli-kit/confirm";
import { deploy } from "./deploy";
import { diff } from "./diff";
import { drift } from "./drift";
import { deployFoundation, initialize } from "./foundation";
import { type DeliveryOptions, parseOptions, usage } from "./options";
import { plan, summary } from "./plan";
import { Refusal } from "@packages/cli-kit/refusal";
import { prepare } from "../lib/prepared-stack";
import { type Target, targetOf } from "../lib/target";
import { watch } from "./watched";

/** `npm run plan`, `deploy`, `diff`, `drift` and `watch`: see options.ts for what they can be told. */
async function main(args: readonly string[]): Promise<void> {
  const steps = new Steps();
  const shutdown = new Shutdown((signal) =>
    steps.line(`${signal}: Terraform ends what it began and saves its state; a second Ctrl-C loses that`),
  );
  shutdown.before(() => steps.end());
  try {
    const options = parseOptions(args);
    if (options.help) process.stdout.write(usage);
    else await deliver(options, steps);
    await shutdown.exit(0);
  } catch (error) {
    const { message } = error as Error;
    // what fails while everything is being stopped fails because of that
    if (!shutdown.underWay) {
      steps.end();
      process.stderr.write(`\n${message}\n`);
    }
    await shutdown.exit(error instanceof Refusal ? 2 : 1);
  }
}

async function deliver(options: DeliveryOptions, steps: Steps): Promise<void> {
  const names = options.names.length > 0 ? options.names : environments.map(({ name }) => name);
  const targets = names.map((name) => targetOf(name, environments, options.foundation || undefined));
  for (const target of targets) await alone(target, () => run(target, options, steps));
}

async function run(target: Target, options: DeliveryOptions, steps: Steps): Promise<void> {
  const access = accessOf(target.settings);
  await steps.run(
    "account",
    () => guardAccount(access, target.settings),
    (arn) => `${target.settings.account}, by ${access.name} (${arn})`,
  );
  const planName =
    options.command === "plan" || options.command === "deploy" ? "plan.tfplan" : `${options.command}.tfplan`;
  const prepared = await prepare(target, access, steps, { out: options.out, planName });
  if (options.command === "diff") return diff(prepared, steps);
  if (options.command === "drift") return drift(prepared, steps);
  if (options.command === "watch") return watch(prepared, options, steps);
  if (options.command === "plan") {
    await initialize(prepared, steps);
    return steps.line(summary(prepared, await plan(prepared, steps)));
  }
  const told = { ...options, ask: terminalQuestion() };
  return target.foundation ? deployFoundation(prepared, told, steps) : deploy(prepared, told, steps);
}

void main(process.argv.slice(2));
