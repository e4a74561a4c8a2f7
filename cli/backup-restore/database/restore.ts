import type { Kind } from "../kind";
import { momentText } from "@packages/cli-kit/timestamp";
import { ageText, refuseStale } from "./restored-age";
import { adopt, end, settle } from "./terraform";
import { complete, createRestored } from "./restore-instance";
import { type DeployedDatabase, deployedDatabase } from "./deployed-database";
import { checkPendingChanges } from "./pending-changes";
import { positionOf, TAGS } from "./progress-tags";
import { instances, rdsClient } from "./rds";
import { checkSource, sourceOf, sourceText } from "./source";
import { type Restore, type Step, attributesOf } from "./step";
import { exportLogs, renameOld, renameRestored } from "./swap-instances";
import { callApi, verify } from "./verify";

const steps: readonly Step[] = [
  checkPendingChanges,
  createRestored,
  complete,
  verify,
  renameOld,
  renameRestored,
  exportLogs,
  adopt,
  settle,
  callApi,
  end,
];

/** Replaces the database with a restored copy and keeps the old instance. */
export const restore: Kind["restore"] = async (operation) => {
  const { prepared, values, dryRun } = operation;
  const source = sourceOf(operation.to, values.snapshot);
  const { unverified } = values;
  const rds = rdsClient(prepared.access);
  try {
    const restoring = { operation, rds, source, unverified };
    await (dryRun ? printSteps(restoring) : runSteps(restoring));
  } finally {
    rds.destroy();
  }
};

type Restoring = Omit<Restore, "database">;

/** Current progress, from RDS and the state. */
async function findPosition(restoring: Restoring, database: DeployedDatabase) {
  const all = await instances(restoring.rds);
  const { source } = restoring;
  const asked = "to" in source ? momentText(source.to) : sourceText(source);
  const { identifier, attributes } = database;
  const position = positionOf(all, { identifier, resourceId: attributes?.resource_id, asked });
  return { restore: { ...restoring, database }, position };
}

async function first(restoring: Restoring) {
  const deployed = await deployedDatabase(restoring.operation.prepared);
  const { restore, position } = await findPosition(restoring, deployed);
  const { operation, rds, source, database } = restore;
  if (position.restored === undefined) {
    const { resource_id, engine } = attributesOf(database);
    const resourceId = position.old?.DbiResourceId ?? resource_id;
    const of = { resourceId, engine, identifier: database.identifier };
    const checked = await operation.steps.run(
      "what can be restored",
      () => checkSource(rds, source, of),
      ({ description }) => description,
    );
    return { restore: { ...restore, source: checked.source }, position };
  }
  refuseStale(position, { source, identifier: database.identifier, now: operation.began });
  const { DBInstanceIdentifier: name } = position.restored;
  const age = ageText(position.restored, operation.began);
  operation.steps.line(`continuing with ${name} from an earlier run (${age})`);
  return { restore, position };
}

/** Runs the steps. Each step reads the current progress itself; the state changes only after an announced step. */
async function runSteps(restoring: Restoring): Promise<void> {
  const { database, source } = (await first(restoring)).restore;
  for (const step of steps) {
    const { restore, position } = await findPosition({ ...restoring, source }, database);
    if (steps.indexOf(step) > steps.indexOf(createRestored) && position.restored === undefined) {
      throw new Error(`no instance has the tag ${TAGS.of}, so the restored instance can't be identified`);
    }
    if (!step.done(position, restore.database)) await step.run(restore, position);
  }
}

/** Prints the calls of all steps; values that don't exist yet are described. */
async function printSteps(restoring: Restoring): Promise<void> {
  const { restore, position } = await first(restoring);
  for (const step of steps) {
    if (step.done(position, restore.database)) continue;
    const calls = step.calls(restore, position);
    if (calls.length > 0) restoring.operation.steps.line(`would ${step.title}:\n  ${calls.join("\n  ")}`);
  }
  restoring.operation.steps.line("dry run: nothing was changed");
}
