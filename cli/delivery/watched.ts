import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { Steps } from "@packages/cli-kit/progress";
import type { Stack } from "@packages/terraform/synthesized-stack";
import type { Prepared } from "../lib/prepared-stack";
import { type LiveAlias, watchDeployment } from "./watch";

/** Milliseconds between polls; alarms are evaluated once per minute. */
const POLL_INTERVAL_MS = 20_000;

export interface WatchedOptions {
  readonly since: Date;
  readonly minutes: number;
}

/** Watches a deployment. Throws if an alarm fires, with the aliases that were rolled back. */
export async function watch(
  { target, access, synthesized }: Prepared,
  { since, minutes }: WatchedOptions,
  steps: Steps,
): Promise<void> {
  const cloudwatch = new CloudWatchClient(access.client);
  const lambda = new LambdaClient(access.client);
  const pages = pagesOf(synthesized);
  await steps.run(
    `alarms of ${target.name}, for ${minutes} min`,
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
      const outcome =
        rolledBack.length === 0
          ? "nothing was rolled back: the deployment changed no function"
          : `rolled back ${rolledBack.join(", ")}`;
      throw new Error(`${alarms.join(", ")} fired after the deployment; ${outcome}`);
    },
    () => (pages.length === 0 ? "no alarm of severity page" : `none of ${pages.length} fired`),
  );
}

/**
 * Names of the alarms of severity page in the synthesized JSON. Tickets don't cause a rollback: dead letters and failed
 * backups have other causes.
 */
export function pagesOf(stack: Stack): string[] {
  return stack
    .of("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
    .filter((alarm) => alarm.at("tags").at("Severity").text === "page")
    .map((alarm) => alarm.at("alarm_name").text);
}

/** Aliases of the stack's functions in the synthesized JSON. */
export function aliasesOf(stack: Stack): LiveAlias[] {
  return stack.of("aws_lambda_alias").flatMap((alias) => {
    const aliased = stack.meant("aws_lambda_function", alias.at("function_name").text);
    const functionName = aliased?.at("function_name").text ?? "";
    return functionName === "" ? [] : [{ functionName, name: alias.at("name").text }];
  });
}
