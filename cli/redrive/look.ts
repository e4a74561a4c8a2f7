import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { CommandContext } from "@packages/cli-kit/command";
import { environments } from "../../stacks/environments";
import { readDeployed } from "../lib/deployed-environment";
import { withStackLock } from "../lib/stack-lock";
import { type Target, targetOf } from "../lib/target";
import type { Stack } from "@packages/terraform/synthesized-stack";
import { type RedriveOptions, runRedrive } from "./run";

export interface RedriveInput extends RedriveOptions {
  readonly environment: string;
}

/** Shows the dead letters of an environment, and requeues or deletes the selected ones. */
export async function redriveEnvironment(input: RedriveInput, context: CommandContext): Promise<void> {
  const target = targetOf(input.environment, environments);
  await withStackLock(target, () => redriveTarget(target, input, context));
}

async function redriveTarget(
  target: Target,
  options: RedriveOptions,
  { steps, confirmation }: CommandContext,
) {
  const { access, synthesized, output } = await readDeployed(target, steps);
  const sqs = new SQSClient({ ...access.client, maxAttempts: 5 });
  const logs = new CloudWatchLogsClient({ ...access.client, maxAttempts: 8 });
  const { failed } = await runRedrive({
    queues: { sqs, mediaQueueUrl: output("media_queue_url"), deadLettersUrl: output("dead_letters_url") },
    logs,
    steps,
    options,
    confirmation,
    name: target.name,
    logGroup: processorLog(synthesized),
    uploadsBucket: output("uploads_bucket"),
  });
  if (failed.length > 0) throw new Error(`${failed.length} messages failed and are still dead letters`);
}

/** Log group of the processor, from the stack's JSON. Throws if there is none. */
function processorLog(stack: Stack): string {
  const names = stack.of("aws_cloudwatch_log_group").map((group) => group.at("name").text);
  const name = names.find((one) => one.startsWith("/aws/ecs/"));
  if (name === undefined) {
    throw new Error("the stack has no log group below /aws/ecs/");
  }
  return name;
}
