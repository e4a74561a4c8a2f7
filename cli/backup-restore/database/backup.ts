import {
  CreateDBSnapshotCommand,
  type DBSnapshot,
  DeleteDBSnapshotCommand,
  paginateDescribeDBSnapshots,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { Kind, Operation } from "../kind";
import { iso } from "@packages/cli-kit/timestamp";
import { type DeployedDatabase, deployedDatabase } from "./deployed-database";
import { hasPurpose, purposeName } from "./names";
import { pollUntilDone, rdsClient } from "./rds";
import { call } from "./step";

/** Tag of this command's snapshots. Only snapshots with this tag and a matching name are ever deleted. */
export const BACKUP_OF = "BackupOf";

/** Takes a snapshot, which is kept until a person or `--keep` deletes it. */
export const backup: Kind["backup"] = async (operation) => {
  const { keep } = operation.values;
  const rds = rdsClient(operation.prepared.access);
  try {
    const database = await deployedDatabase(operation.prepared);
    const before = await ownSnapshots(rds, database);
    for (const one of before) operation.steps.line(`  earlier: ${describe(one)}`);
    const taken = await take(operation, rds, database);
    const extra = expired([...before, ...taken], { keep, upcoming: operation.dryRun ? 1 : 0 });
    for (const one of extra) await remove(operation, rds, one);
  } finally {
    rds.destroy();
  }
};

/** Snapshots that this command took of this database, oldest first. */
async function ownSnapshots(rds: RDSClient, { identifier }: DeployedDatabase): Promise<DBSnapshot[]> {
  const found: DBSnapshot[] = [];
  const pages = paginateDescribeDBSnapshots({ client: rds }, { SnapshotType: "manual" });
  for await (const { DBSnapshots = [] } of pages) found.push(...DBSnapshots);
  return found
    .filter((one) => isOwn(one, identifier))
    .sort((one, other) => Number(one.SnapshotCreateTime) - Number(other.SnapshotCreateTime));
}

/** Whether this command took the snapshot of this database; the tag alone may have been copied. */
export function isOwn(
  { TagList = [], DBInstanceIdentifier, DBSnapshotIdentifier = "" }: DBSnapshot,
  identifier: string,
): boolean {
  return (
    DBInstanceIdentifier === identifier &&
    hasPurpose(DBSnapshotIdentifier, { identifier, purpose: "backup" }) &&
    TagList.some(({ Key, Value }) => Key === BACKUP_OF && Value === identifier)
  );
}

/** Snapshots beyond the newest `keep`, oldest first; `upcoming` snapshots are still to be taken. */
export function expired(
  snapshots: readonly DBSnapshot[],
  { keep, upcoming = 0 }: { readonly keep: number | undefined; readonly upcoming?: number },
): readonly DBSnapshot[] {
  if (keep === undefined) return [];
  const complete = snapshots.filter(({ Status }) => Status === "available");
  return complete.slice(0, Math.max(0, complete.length + upcoming - keep));
}

async function take(operation: Operation, rds: RDSClient, { identifier, attributes }: DeployedDatabase) {
  const name = purposeName(identifier, "backup", operation.began);
  const tags = { ...attributes?.tags_all, [BACKUP_OF]: identifier };
  const input = {
    DBInstanceIdentifier: identifier,
    DBSnapshotIdentifier: name,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
  if (operation.dryRun) {
    operation.steps.line(`would ${call("rds:CreateDBSnapshot", input)}`);
    return [];
  }
  const taken = await operation.steps.run(
    "snapshot",
    async (status) => {
      await rds.send(new CreateDBSnapshotCommand(input));
      return pollUntilDone({
        find: async () => (await ownSnapshots(rds, { identifier, address: "", attributes })).at(-1),
        isDone: (one) => one?.DBSnapshotIdentifier === name && one.Status === "available",
        describe: (one) => (one ? `${one.Status}, ${one.PercentProgress ?? 0} %` : "not found yet"),
        status,
      });
    },
    (one) => (one ? describe(one) : ""),
  );
  if (taken === undefined) throw new Error(`snapshot ${name} does not exist`);
  if (taken.Encrypted !== true) throw new Error(`snapshot ${name} is not encrypted: delete it`);
  operation.steps.line(
    `to restore it: npm run restore -- ${operation.prepared.target.name} database --snapshot ${name}`,
  );
  return [taken];
}

async function remove({ dryRun, steps }: Operation, rds: RDSClient, one: DBSnapshot): Promise<void> {
  const input = { DBSnapshotIdentifier: one.DBSnapshotIdentifier };
  if (dryRun) return steps.line(`would ${call("rds:DeleteDBSnapshot", input)}`);
  await rds.send(new DeleteDBSnapshotCommand(input));
  steps.line(`deleted: ${describe(one)}`);
}

function describe({ DBSnapshotArn, AllocatedStorage, SnapshotCreateTime }: DBSnapshot): string {
  const time = SnapshotCreateTime ? iso(SnapshotCreateTime) : "under way";
  return `${DBSnapshotArn}, ${time}, of a volume of ${AllocatedStorage} GiB`;
}
