import { join } from "node:path";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SQSClient } from "@aws-sdk/client-sqs";
import { environments } from "../../stacks/environments";
import { accessOf, guardAccount } from "../lib/account";
import { alone } from "../lib/stack-lock";
import { terminalQuestion } from "@packages/cli-kit/confirm";
import { Refusal } from "@packages/cli-kit/refusal";
import { prepare } from "../lib/prepared-stack";
import { type Target, targetOf } from "../lib/target";
import { localFolder } from "@packages/cli-kit/paths";
import { Shutdown } from "@packages/cli-kit/shutdown";
import { Steps } from "@packages/cli-kit/progress";
import { parseOptions, type RedriveOptions, usage } from "./options";
import { runRedrive } from "./run";

/** `npm run redrive`: see options.ts for what it can be told. */
async function main(args: readonly string[]): Promise<void> {
  const steps = new Steps();
  const shutdown = new Shutdown((signal) =>
    steps.line(`${signal}: what was being looked at is there again within 15 minutes`),
  );
  shutdown.before(() => steps.end());
  try {
    const options = parseOptions(args);
    if (options.help) process.stdout.write(usage);
    else {
      const target = targetOf(options.environment, environments, false);
      await alone(target, () => look(target, options, steps));
    }
    await shutdown.exit(0);
  } catch (error) {
    if (!shutdown.underWay) {
      steps.end();
      process.stderr.write(`\n${(error as Error).message}\n`);
    }
    await shutdown.exit(error instanceof Refusal ? 2 : 1);
  }
}

async function look(target: Target, options: RedriveOptions, steps: Steps): Promise<void> {
  const access = accessOf(target.settings);
  await steps.run(
    "account",
    () => guardAccount(access, target.settings),
    (arn) => `${target.settings.account}, by ${access.name} (${arn})`,
  );
  const { stack, synthesized } = await prepare(target, access, steps, {
    out: join(localFolder, "operations"),
  });
  await steps.run("terraform init", () => stack.init());
  const outputs = await stack.outputs();
  const text = (name: string): string => {
    const value = outputs[name];
    if (typeof value !== "string") throw new Error(`the stack has no output ${name}: deploy it first`);
    return value;
  };
  const sqs = new SQSClient({ ...access.client, maxAttempts: 5 });
  const logs = new CloudWatchLogsClient({ ...access.client, maxAttempts: 8 });
  const { failed } = await runRedrive({
    queues: { sqs, mediaQueueUrl: text("media_queue_url"), deadLettersUrl: text("dead_letters_url") },
    logs,
    steps,
    options,
    ask: terminalQuestion(),
    name: target.name,
    logGroup: processorLog(synthesized.configuration.resource?.aws_cloudwatch_log_group),
    uploadsBucket: text("uploads_bucket"),
  });
  if (failed.length > 0) throw new Error(`${failed.length} were not moved: they are dead letters still`);
}

/** The group that ECS writes the processor's log to, by the stack's own JSON. */
function processorLog(groups: Readonly<Record<string, { readonly name?: string }>> = {}): string {
  const name = Object.values(groups).find((group) => group.name?.startsWith("/aws/ecs/"))?.name;
  if (name === undefined)
    throw new Error("the stack has no log group below /aws/ecs/: where does the processor log?");
  return name;
}

void main(process.argv.slice(2));
