import type { Kind } from "../kind";
import { momentText } from "@packages/cli-kit/timestamp";
import { ageText, refuseStale } from "./restored-age";
import { adopt, end, settle } from "./terraform";
import { complete, makeBeside } from "./restore-instance";
import { type DeployedDatabase, deployedDatabase } from "./deployed-database";
import { nothingPending } from "./pending-changes";
import { positionOf, TAGS } from "./progress-tags";
import { instances, rdsClient } from "./rds";
import { checkSource, sourceOf, sourceText } from "./source";
import { type Restore, type Step, wantedOf } from "./step";
import { exportLogs, setAside, takePlace } from "./swap-instances";
import { useIt, verify } from "./verify";

const steps: readonly Step[] = [
  nothingPending,
  makeBeside,
  complete,
  verify,
  setAside,
  takePlace,
  exportLogs,
  adopt,
  settle,
  useIt,
  end,
];

/** A new instance takes the place of the database, which is kept. */
export const restore: Kind["restore"] = async (operation) => {
  const { prepared, values, dryRun } = operation;
  const source = sourceOf(operation.to, values.snapshot);
  const { unverified } = values;
  const rds = rdsClient(prepared.access);
  try {
    const restoring = { operation, rds, source, unverified };
    await (dryRun ? tell(restoring) : go(restoring));
  } finally {
    rds.destroy();
  }
};

type Restoring = Omit<Restore, "database">;

/** Where it stands now, by what AWS says and the state said. */
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
    const { resource_id, engine } = wantedOf(database);
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
  operation.steps.line(`${name} was restored before (${age}): going on from there`);
  return { restore, position };
}

/** Each step looks anew: nothing is believed of an earlier one. The state changes with none before it is told. */
async function go(restoring: Restoring): Promise<void> {
  const { database, source } = (await first(restoring)).restore;
  for (const step of steps) {
    const { restore, position } = await findPosition({ ...restoring, source }, database);
    if (steps.indexOf(step) > steps.indexOf(makeBeside) && position.restored === undefined) {
      throw new Error(`no instance has the tag ${TAGS.of} any more, so nothing says which one was restored`);
    }
    if (!step.done(position, restore.database)) await step.run(restore, position);
  }
}

/** Says what would be done; what depends on what is not there yet is said in words. */
async function tell(restoring: Restoring): Promise<void> {
  const { restore, position } = await first(restoring);
  for (const step of steps) {
    if (step.done(position, restore.database)) continue;
    const calls = step.calls(restore, position);
    if (calls.length > 0) restoring.operation.steps.line(`would ${step.title}:\n  ${calls.join("\n  ")}`);
  }
  restoring.operation.steps.line("dry run: nothing was changed");
}
