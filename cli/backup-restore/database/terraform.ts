import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import {
  AddTagsToResourceCommand,
  type DBInstance,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import { approve } from "../../lib/approval";
import { apply } from "../../delivery/deploy";
import { plan } from "../../delivery/plan";
import { iso, stamp } from "@packages/cli-kit/timestamp";
import { deletion, type Position, refuseInUse, TAGS } from "./progress-tags";
import { tagOf } from "./rds";
import { call, type Step } from "./step";

/** Imports the new instance into Terraform's state, after a copy of the state. */
export const adopt: Step = {
  title: "tell Terraform",
  done: ({ restored }, { attributes }) =>
    restored !== undefined && attributes?.resource_id === restored.DbiResourceId,
  calls: ({ database }, { restored }) => [
    ...(database.attributes ? [`terraform state rm ${database.address}`] : []),
    `terraform import ${database.address} ${restored?.DbiResourceId ?? "the new instance's resource id"}`,
  ],
  async run({ operation, database }, { restored }) {
    const { prepared, steps, began } = operation;
    const copy = join(prepared.folder, `state-before-restore-${stamp(began)}.tfstate`);
    await steps.run(
      this.title,
      async () => {
        writeFileSync(copy, await prepared.stack.pullState(), { mode: 0o600 });
        if (database.attributes) await prepared.stack.forget(database.address);
        await prepared.stack.adopt({ address: database.address, id: restored?.DbiResourceId ?? "" });
      },
      () =>
        `${database.address} is ${restored?.DbiResourceId}; previous state in ${relative(process.cwd(), copy)}`,
    );
  },
};

/**
 * Applies what depends on the new instance (login permissions, location of the password), until the plan is empty. The apply
 * runs the migrations that are later than the restored time.
 */
export const settle: Step = {
  title: "plan",
  done: () => false,
  calls: () => [
    "terraform plan; after approval terraform apply, which applies later migrations again; the second plan must be empty",
  ],
  async run({ operation }) {
    const { prepared, steps } = operation;
    const first = await plan(prepared, steps);
    if (first.empty) return;
    await approve(prepared.target.name, first.reviewed, operation);
    await apply(prepared, first.changes, steps);
    const second = await plan(prepared, steps);
    if (second.empty) return steps.line("second plan: empty");
    const shown = await prepared.stack.show(["-no-color"]);
    throw new Error(`the second plan is not empty:\n${shown}`);
  },
};

/** Tags the old instance as replaced and prints how to delete it; removes the tags of the new one. */
export const end: Step = {
  title: "end",
  done: ({ old, restored }) =>
    restored === undefined || (old === undefined && progressTagsOf(restored).length === 0),
  calls: ({ operation }, { old, restored }) => [
    ...(old ? [call("rds:AddTagsToResource", ended(old, operation.began))] : []),
    call("rds:RemoveTagsFromResource", unmarked(restored ?? {})),
  ],
  async run({ rds, operation, database }, { old, restored }: Position) {
    if (old) {
      refuseInUse(old, database.identifier);
      await rds.send(new AddTagsToResourceCommand(ended(old, operation.began)));
      const commands = deletion(old, { withLastSnapshot: true });
      operation.steps.line(
        `${old.DBInstanceIdentifier} is kept. To delete it later:\n  ${commands.join("\n  ")}`,
      );
    }
    await rds.send(new RemoveTagsFromResourceCommand(unmarked(restored ?? {})));
  },
};

const ended = ({ DBInstanceArn: arn = "" }: DBInstance, began: Date) => ({
  ResourceName: arn,
  Tags: [{ Key: TAGS.ended, Value: iso(began) }],
});

/** Progress tags of a restored instance. */
const progressTagsOf = (restored: DBInstance) =>
  [TAGS.of, TAGS.to].filter((key) => tagOf(restored, key) !== undefined);

const unmarked = (restored: DBInstance) => ({
  ResourceName: restored.DBInstanceArn ?? "",
  TagKeys: [TAGS.of, TAGS.to],
});
