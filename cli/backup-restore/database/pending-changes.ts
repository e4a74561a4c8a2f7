import { countChanges, describeCounts } from "@packages/terraform/plan-counts";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Prepared } from "../../lib/prepared-stack";
import type { Step } from "./step";

/**
 * Checks, while the old instance still serves, that the checkout equals the deployment, because the plan after the
 * switch is applied. Not possible if the database is gone: then the plan would create it.
 */
export const checkPendingChanges: Step = {
  title: "plan before the switch",
  done: ({ old }, { identifier }) => old?.DBInstanceIdentifier !== identifier,
  calls: () => ["terraform plan (must be empty)"],
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
    if (values.withPendingChanges === true) return steps.line(`pending changes accepted: ${found}`);
    throw new Refusal(await refusal(prepared, found));
  },
};

async function refusal({ stack, target }: Prepared, found: string): Promise<string> {
  return (
    `${target.name} has pending changes (${found}) that the restore would apply after the switch:\n` +
    `${await stack.show(["-no-color"])}\nCheck out the deployed commit, or pass --with-pending-changes. ` +
    "The old database is still in use."
  );
}
