import { setTimeout as sleep } from "node:timers/promises";
import { type CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  paginateListVersionsByFunction,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";

/** A function's alias that requests go by. */
export interface LiveAlias {
  readonly functionName: string;
  readonly name: string;
}

export interface WatchOptions {
  readonly cloudwatch: CloudWatchClient;
  readonly lambda: LambdaClient;
  /** Names of the alarms that are looked at. */
  readonly alarms: readonly string[];
  readonly aliases: readonly LiveAlias[];
  /** When the deployment began: alarms that rang before are not its fault, versions before are not its work. */
  readonly since: Date;
  /** Milliseconds to watch, and between two looks. */
  readonly during: number;
  readonly every: number;
}

/** What became of a deployment that was watched. */
export interface Watched {
  /** Alarms that began to ring. */
  readonly alarms: readonly string[];
  /** Aliases that were put back: `streamflow-prod-media:live from 8 to 7`. */
  readonly rolledBack: readonly string[];
}

/**
 * Looks at alarms for a while after a deployment. At the first that begins to ring, every alias that
 * the deployment moved goes back to the version before it. Terraform sees that as a change: the next deployment, of
 * code that was mended, undoes it.
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

/** CloudWatch describes so many alarms by name at once. */
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
    for (const { AlarmName = "", StateValue, StateUpdatedTimestamp: began } of [
      ...MetricAlarms,
      ...CompositeAlarms,
    ]) {
      if (StateValue === "ALARM" && began !== undefined && began >= since) found.push(AlarmName);
    }
  }
  return found;
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
    // The revision: nobody else may have moved it meanwhile.
    new UpdateAliasCommand({ FunctionName: functionName, Name: name, FunctionVersion: previous, RevisionId }),
  );
  return [`${functionName}:${name} from ${current} to ${previous}`];
}

/** The version published before another; undefined when that was the first. */
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
