import { setTimeout as sleep } from "node:timers/promises";
import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  paginateListVersionsByFunction,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";

/** A function alias that serves requests. */
export interface LiveAlias {
  readonly functionName: string;
  readonly name: string;
}

export interface WatchOptions {
  readonly cloudwatch: CloudWatchClient;
  readonly lambda: LambdaClient;
  /** Names of the watched alarms. */
  readonly alarms: readonly string[];
  readonly aliases: readonly LiveAlias[];
  /** Start of the deployment; earlier alarms and earlier function versions are not its result. */
  readonly since: Date;
  /** Milliseconds to watch, and between polls. */
  readonly during: number;
  readonly every: number;
}

/** Result of watching a deployment. */
export interface Watched {
  /** Names of the alarms that fired. */
  readonly alarms: readonly string[];
  /** Aliases that were rolled back: `streamflow-prod-media:live from 8 to 7`. */
  readonly rolledBack: readonly string[];
}

/**
 * Watches alarms after a deployment. When the first alarm fires, every alias that the deployment moved returns to its
 * previous version. Terraform sees this as drift; the next deployment, with fixed code, reverts it.
 */
export async function watchDeployment(options: WatchOptions): Promise<Watched> {
  const deadline = Date.now() + options.during;
  for (;;) {
    const alarms = await ringing(options);
    if (alarms.length > 0) return { alarms, rolledBack: await rollBack(options) };
    if (Date.now() + options.every > deadline) return { alarms: [], rolledBack: [] };
    await sleep(options.every);
  }
}

/** Maximum of CloudWatch's DescribeAlarms. */
const MAX_ALARMS_PER_CALL = 100;

async function ringing({ cloudwatch: client, alarms, since }: WatchOptions): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < alarms.length; from += MAX_ALARMS_PER_CALL) {
    found.push(...(await ringingOf(client, alarms.slice(from, from + MAX_ALARMS_PER_CALL), since)));
  }
  return found.sort();
}

async function ringingOf(client: CloudWatchClient, AlarmNames: string[], since: Date): Promise<string[]> {
  const found: string[] = [];
  const asked = { AlarmNames, AlarmTypes: ["MetricAlarm" as const, "CompositeAlarm" as const] };
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, asked)) {
    const measured = MetricAlarms.filter((alarm) => !isNewWithoutData(alarm, since));
    for (const { AlarmName = "", StateValue, StateUpdatedTimestamp: began } of [
      ...measured,
      ...CompositeAlarms,
    ]) {
      if (StateValue === "ALARM" && began !== undefined && began >= since) found.push(AlarmName);
    }
  }
  return found;
}

/** Whether this deployment made an alarm that fires because nothing was measured yet. */
function isNewWithoutData(
  { AlarmConfigurationUpdatedTimestamp: changed, StateReasonData: reason = "{}" }: MetricAlarm,
  since: Date,
): boolean {
  if (changed === undefined || changed < since) return false;
  const { recentDatapoints } = JSON.parse(reason) as { readonly recentDatapoints?: readonly unknown[] };
  return recentDatapoints?.length === 0;
}

async function rollBack(options: WatchOptions): Promise<string[]> {
  const done = await Promise.all(options.aliases.map((alias) => putBack(alias, options)));
  return done.flat();
}

async function putBack(
  { functionName, name }: LiveAlias,
  { lambda, since }: WatchOptions,
): Promise<string[]> {
  const { FunctionVersion: current = "", RevisionId } = await lambda.send(
    new GetAliasCommand({ FunctionName: functionName, Name: name }),
  );
  const { LastModified } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: current }),
  );
  const previous = await versionBefore(lambda, functionName, Number(current));
  const deployed = LastModified !== undefined && new Date(LastModified) >= since;
  if (!deployed || previous === undefined) return [];
  await lambda.send(
    // The revision id makes the call fail if the alias was moved meanwhile.
    new UpdateAliasCommand({ FunctionName: functionName, Name: name, FunctionVersion: previous, RevisionId }),
  );
  return [`${functionName}:${name} from ${current} to ${previous}`];
}

/** The version published before another; undefined if there is none. */
async function versionBefore(
  client: LambdaClient,
  functionName: string,
  current: number,
): Promise<string | undefined> {
  const versions: number[] = [];
  for await (const { Versions = [] } of paginateListVersionsByFunction(
    { client },
    { FunctionName: functionName },
  )) {
    versions.push(...Versions.map(({ Version }) => Number(Version)).filter((version) => version < current));
  }
  return versions.length === 0 ? undefined : String(Math.max(...versions));
}
