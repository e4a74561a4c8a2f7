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
  /** Beginning of the alarms' names: `streamflow-prod-`. */
  readonly prefix: string;
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
 * Looks at an environment's alarms for a while after a deployment. At the first that begins to ring, every alias that
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

/** An alarm that only tells the autoscaler is no fault: it rings whenever there is much to do. */
const wakesSomebody = ({ AlarmActions = [] }: { readonly AlarmActions?: string[] | undefined }): boolean =>
  !AlarmActions.some((action) => action.includes(":scalingPolicy:"));

async function ringing({ cloudwatch: client, prefix, since }: WatchOptions): Promise<string[]> {
  const found: string[] = [];
  const asked = { AlarmNamePrefix: prefix };
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, asked)) {
    const all = [...MetricAlarms, ...CompositeAlarms].filter(wakesSomebody);
    for (const { AlarmName = "", StateValue, StateUpdatedTimestamp: began } of all) {
      if (StateValue === "ALARM" && began !== undefined && began >= since) found.push(AlarmName);
    }
  }
  return found.sort();
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
