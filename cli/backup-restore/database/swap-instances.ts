import { AddTagsToResourceCommand, type DBInstance, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { Refusal } from "@packages/cli-kit/refusal";
import { ageText } from "./restored-age";
import { nameBeside } from "./names";
import { type Position, TAGS } from "./progress-tags";
import { tagOf, waitForInstance } from "./rds";
import { sourceText } from "./source";
import { refuseStuck, retryWhileRefused } from "./instance-state";
import { call, type Restore, type Step } from "./step";
import { waitForRestored } from "./wait-for-restored";
import { missingLogs } from "./instance-settings";

/** The old instance gets another name, and is kept; a tag says which one takes its place. */
export const setAside: Step = {
  title: "set the old instance aside",
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
    await agree(restore, position);
    const name = aside(restore);
    await operation.steps.run(
      this.title,
      async (status) => {
        await rds.send(new AddTagsToResourceCommand(marks(restore, position)));
        const rename = () => rds.send(new ModifyDBInstanceCommand(renaming(position.old, name)));
        await retryWhileRefused(rename, status);
        return waitForInstance(rds, { resourceId: position.old?.DbiResourceId ?? "", name }, { status });
      },
      () => `now ${name}, kept`,
    );
  },
};

/** The new instance gets the name, and with it the host name that everybody knows. */
export const takePlace: Step = {
  title: "give the new instance its name",
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

/** Logs go to the groups of that name, which have a retention. */
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
  nameBeside(database.identifier, "replaced", operation.began);

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

/** Nobody is cut off without a person's word. Throws a Refusal when it is not given; the old database goes on serving. */
async function agree({ operation, database }: Restore, { restored }: Position): Promise<void> {
  const { yes, ask, prepared } = operation;
  if (yes) return;
  const kept = `${database.identifier} goes on serving, and the restored instance waits beside it`;
  if (ask === undefined) throw new Refusal(`nobody can be asked here: ${kept}; pass --yes`);
  const answer = await ask(
    `${restored?.DBInstanceIdentifier} (${ageText(restored ?? {}, new Date())}) takes the place of ${database.identifier} in ${prepared.target.name} now: for minutes ` +
      "nobody reaches a database, and what was written since is only in the old one. Only yes is a yes: ",
  );
  if (answer.trim() !== "yes") throw new Refusal(`the answer was "${answer.trim()}": ${kept}`);
}
