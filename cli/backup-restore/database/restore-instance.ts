import {
  ModifyDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotCommandInput,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeCommandInput,
} from "@aws-sdk/client-rds";
import { purposeName } from "./names";
import { type Position, TAGS } from "./progress-tags";
import { sourceText } from "./source";
import { call, type Restore, type Step, attributesOf } from "./step";
import { waitForRestored } from "./wait-for-restored";
import { missingSettings, restoreInput } from "./instance-settings";

type Input =
  | { readonly name: "rds:RestoreDBInstanceToPointInTime"; input: RestoreDBInstanceToPointInTimeCommandInput }
  | {
      readonly name: "rds:RestoreDBInstanceFromDBSnapshot";
      input: RestoreDBInstanceFromDBSnapshotCommandInput;
    };

/** The RDS call that creates the new instance next to the old one. */
export function restoreCall({ database, source, operation }: Restore, { old }: Position): Input {
  const wanted = attributesOf(database);
  const target = purposeName(database.identifier, "restored", operation.began);
  const tags = {
    ...wanted.tags_all,
    [TAGS.of]: old?.DbiResourceId ?? wanted.resource_id,
    [TAGS.to]: sourceText(source),
  };
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if ("snapshot" in source) {
    const input = { DBInstanceIdentifier: target, DBSnapshotIdentifier: source.snapshot };
    return {
      name: "rds:RestoreDBInstanceFromDBSnapshot",
      input: { ...input, ...restoreInput(wanted), Tags },
    };
  }
  const of = old
    ? { SourceDBInstanceIdentifier: old.DBInstanceIdentifier }
    : { SourceDbiResourceId: wanted.resource_id };
  const to = source.to === "latest" ? { UseLatestRestorableTime: true } : { RestoreTime: source.to };
  return {
    name: "rds:RestoreDBInstanceToPointInTime",
    input: { ...of, TargetDBInstanceIdentifier: target, ...to, ...restoreInput(wanted), Tags },
  };
}

/** Creates the new instance while the old one stays in use. */
export const createRestored: Step = {
  title: "restore into a new instance",
  done: ({ restored }) => restored !== undefined,
  calls(restore, position) {
    const { name, input } = restoreCall(restore, position);
    return [call(name, input)];
  },
  async run(restore, position) {
    const { rds, operation } = restore;
    const { name, input } = restoreCall(restore, position);
    await operation.steps.run(
      this.title,
      async (status) => {
        const { DBInstance: made } =
          name === "rds:RestoreDBInstanceToPointInTime"
            ? await rds.send(new RestoreDBInstanceToPointInTimeCommand(input))
            : await rds.send(new RestoreDBInstanceFromDBSnapshotCommand(input));
        const id = { resourceId: made?.DbiResourceId ?? "", name: made?.DBInstanceIdentifier ?? "" };
        return waitForRestored(restore, id, { status });
      },
      (made) => `${made.DBInstanceIdentifier} (${made.DbiResourceId})`,
    );
  },
};

/** Sets what a restore does not copy to the new instance. */
export const complete: Step = {
  title: "complete it",
  done: ({ restored }, { attributes }) =>
    restored?.DBInstanceStatus === "available" &&
    (attributes === undefined || missingSettings(attributes, restored).length === 0),
  calls({ database }, { restored }) {
    // before the instance exists, assume that it will lack everything that a restore never copies
    const missing = missingSettings(attributesOf(database), restored ?? {});
    return missing.map(({ change }) => call("rds:ModifyDBInstance", change));
  },
  async run(restore, { restored }) {
    const { rds, operation, database } = restore;
    const wanted = attributesOf(database);
    const id = { resourceId: restored?.DbiResourceId ?? "", name: restored?.DBInstanceIdentifier ?? "" };
    await operation.steps.run(
      this.title,
      async (status) => {
        const missing = missingSettings(wanted, await waitForRestored(restore, id, { status }));
        if (missing.length > 0) {
          const change = Object.assign({}, ...missing.map((one) => one.change)) as object;
          await rds.send(
            new ModifyDBInstanceCommand({ DBInstanceIdentifier: id.name, ApplyImmediately: true, ...change }),
          );
        }
        await waitForRestored(restore, id, {
          status,
          isSettled: (one) => missingSettings(wanted, one).length === 0,
        });
        return missing;
      },
      (missing) => missing.map(({ what }) => what).join(", ") || "nothing was missing",
    );
  },
};
