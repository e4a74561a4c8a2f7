import { AddTagsToResourceCommand, type DBInstance, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { Refusal } from "@packages/cli-kit/refusal";
import { ageText } from "./restored-age";
import { purposeName } from "./names";
import { type Position, TAGS } from "./progress-tags";
import { tagOf, waitForInstance } from "./rds";
import { sourceText } from "./source";
import { refuseStuck, retryWhileRefused } from "./instance-state";
import { call, type Restore, type Step } from "./step";
import { waitForRestored } from "./wait-for-restored";
import { missingLogs } from "./instance-settings";

/** Renames the old instance and tags it with its replacement; it is kept. */
export const renameOld: Step = {
  title: "rename the old instance",
  done: ({ old }, { identifier }) => old === undefined || old.DBInstanceIdentifier !== identifier,
  calls: (restore, position) => [
    call("rds:AddTagsToResource", marks(restore, position)),
    call("rds:ModifyDBInstance", renaming(position.old, aside(restore))),
  ],
  async run(restore, position) {
    const { rds, operation } = restore;
    const made = position.restored;
    const id = { resourceId: made?.DbiResourceId ?? "", name: made?.DBInstanceIdentifier ?? "" };
    await operation.steps.run("the new instance is available", (status) =>
      waitForRestored(restore, id, { status }),
    );
    refuseStuck(position.old ?? {});
    await confirmSwitch(restore, position);
    const name = aside(restore);
    await operation.steps.run(
      this.title,
      async (status) => {
        await rds.send(new AddTagsToResourceCommand(marks(restore, position)));
        const rename = () => rds.send(new ModifyDBInstanceCommand(renaming(position.old, name)));
        await retryWhileRefused(rename, status);
        return waitForInstance(rds, { resourceId: position.old?.DbiResourceId ?? "", name }, { status });
      },
      () => `now ${name} (kept)`,
    );
  },
};

/** Gives the new instance the old name, and with it the host name. */
export const renameRestored: Step = {
  title: "rename the new instance",
  done: ({ restored }, { identifier }) => restored?.DBInstanceIdentifier === identifier,
  calls: ({ database }, { restored }) => [
    call("rds:ModifyDBInstance", renaming(restored, database.identifier)),
  ],
  async run({ rds, operation, database }, { restored }) {
    await operation.steps.run(
      this.title,
      async (status) => {
        const rename = () => rds.send(new ModifyDBInstanceCommand(renaming(restored, database.identifier)));
        await retryWhileRefused(rename, status);
        const id = { resourceId: restored?.DbiResourceId ?? "", name: database.identifier };
        return waitForInstance(rds, id, { status });
      },
      (named) => `${named.DBInstanceIdentifier} at ${named.Endpoint?.Address}`,
    );
  },
};

/** Exports logs to the log groups of that name, which have a retention. */
export const exportLogs: Step = {
  title: "export its logs",
  done: ({ restored }, { attributes }) =>
    restored !== undefined && (attributes === undefined || missingLogs(attributes, restored).length === 0),
  calls: (restore, position) => [call("rds:ModifyDBInstance", exporting(restore, position))],
  async run(restore, position) {
    const { rds, operation, database } = restore;
    const input = exporting(restore, position);
    const id = { resourceId: position.restored?.DbiResourceId ?? "", name: database.identifier };
    await operation.steps.run(
      this.title,
      async (status) => {
        await retryWhileRefused(() => rds.send(new ModifyDBInstanceCommand(input)), status);
        const isSettled = (one: DBInstance) => missingLogs(attributesOf(restore), one).length === 0;
        return waitForInstance(rds, id, { status, isSettled });
      },
      () => input.CloudwatchLogsExportConfiguration.EnableLogTypes.join(", "),
    );
  },
};

const aside = ({ database, operation }: Restore): string =>
  purposeName(database.identifier, "replaced", operation.began);

const attributesOf = ({ database }: Restore) => database.attributes ?? ({} as never);

function renaming(instance: DBInstance | undefined, name: string) {
  const from = instance?.DBInstanceIdentifier ?? "";
  return { DBInstanceIdentifier: from, NewDBInstanceIdentifier: name, ApplyImmediately: true };
}

function exporting(restore: Restore, { restored }: Position) {
  const EnableLogTypes = missingLogs(attributesOf(restore), restored ?? {});
  return {
    DBInstanceIdentifier: restore.database.identifier,
    CloudwatchLogsExportConfiguration: { EnableLogTypes },
    ApplyImmediately: true,
  };
}

function marks({ source }: Restore, { old, restored }: Position) {
  return {
    ResourceName: old?.DBInstanceArn ?? "",
    Tags: [
      { Key: TAGS.by, Value: restored?.DbiResourceId ?? "" },
      { Key: TAGS.to, Value: (restored && tagOf(restored, TAGS.to)) ?? sourceText(source) },
    ],
  };
}

/** Asks before the switch. Throws a Refusal without confirmation; the old database stays in use. */
async function confirmSwitch({ operation, database }: Restore, { restored }: Position): Promise<void> {
  const { yes, ask, prepared } = operation;
  if (yes) return;
  const kept = `${database.identifier} is still in use, and the restored instance is kept`;
  if (ask === undefined) throw new Refusal(`no terminal to ask for confirmation: ${kept}. Pass --yes.`);
  const answer = await ask(
    `${restored?.DBInstanceIdentifier} (${ageText(restored ?? {}, new Date())}) replaces ${database.identifier} in ${prepared.target.name} now. For some minutes ` +
      "there is no database, and later writes are only in the old one. Type yes to continue: ",
  );
  if (answer.trim() !== "yes") throw new Refusal(`not confirmed (answer "${answer.trim()}"): ${kept}`);
}
