import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { Steps } from "@packages/cli-kit/progress";
import type { Stack } from "@packages/terraform/synthesized-stack";
import type { Prepared } from "../lib/prepared-stack";
import { type LiveAlias, watchDeployment } from "./watch";

/** Milliseconds between two looks at the alarms: they change once a minute at most. */
const POLL_INTERVAL_MS = 20_000;

export interface WatchedOptions {
  readonly since: Date;
  readonly minutes: number;
}

/** Watches what was deployed. Throws when an alarm rang, with what was put back. */
export async function watch(
  { target, access, synthesized }: Prepared,
  { since, minutes }: WatchedOptions,
  steps: Steps,
): Promise<void> {
  const cloudwatch = new CloudWatchClient(access.client);
  const lambda = new LambdaClient(access.client);
  const pages = pagesOf(synthesized);
  await steps.run(
    `alarms of ${target.stack}, for ${minutes} min`,
    async () => {
      const { alarms, rolledBack } = await watchDeployment({
        cloudwatch,
        lambda,
        since,
        alarms: pages,
        aliases: aliasesOf(synthesized),
        during: minutes * 60_000,
        every: POLL_INTERVAL_MS,
      });
      if (alarms.length === 0) return;
      const back =
        rolledBack.length === 0
          ? "nothing was put back: no function is new"
          : `put back ${rolledBack.join(", ")}`;
      throw new Error(`${alarms.join(", ")} began to ring after the deployment; ${back}`);
    },
    () => (pages.length === 0 ? "there is none that wakes anybody" : `none of ${pages.length} rang`),
  );
}

/**
 * Names of the alarms that wake somebody, from the synthesized JSON. A ticket is no reason to take a deployment back:
 * dead letters and backups have causes of their own.
 */
export function pagesOf(stack: Stack): string[] {
  return stack
    .of("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
    .filter((alarm) => alarm.at("tags").at("Severity").text === "page")
    .map((alarm) => alarm.at("alarm_name").text);
}

/** Aliases of the stack's functions, from the synthesized JSON. */
export function aliasesOf(stack: Stack): LiveAlias[] {
  return stack.of("aws_lambda_alias").flatMap((alias) => {
    const aliased = stack.meant("aws_lambda_function", alias.at("function_name").text);
    const functionName = aliased?.at("function_name").text ?? "";
    return functionName === "" ? [] : [{ functionName, name: alias.at("name").text }];
  });
}
