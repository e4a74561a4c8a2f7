import { countChanges, describeCounts } from "@packages/terraform/plan-counts";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Prepared } from "../../lib/prepared-stack";
import type { Step } from "./step";

/**
 * While the old instance still serves: what is checked out must be what is deployed, for the plan behind the switch is
 * applied. A database that is gone is itself what would be created, so nothing can be told then.
 */
export const nothingPending: Step = {
  title: "plan before the switch",
  done: ({ old }, { identifier }) => old?.DBInstanceIdentifier !== identifier,
  calls: () => ["terraform plan, which must be empty"],
  async run({ operation: { prepared, steps, values } }) {
    const found = await steps.run(
      this.title,
      async (status) => {
        await prepared.stack.plan(status);
        return describeCounts(countChanges(await prepared.stack.readPlan()));
      },
      (counts) => counts,
    );
    if (found === "no changes") return;
    if (values.withPendingChanges === true) return steps.line(`with pending changes: ${found}`);
    throw new Refusal(await refusal(prepared, found));
  },
};

async function refusal({ stack, target }: Prepared, found: string): Promise<string> {
  return (
    `${target.stack} has pending changes (${found}), which the restore would apply after the switch:\n` +
    `${await stack.show(["-no-color"])}\ncheck out the commit that is deployed, or pass --with-pending-changes; ` +
    "the old database goes on serving"
  );
}
