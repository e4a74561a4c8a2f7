import { rmSync } from "node:fs";
import type { Steps } from "@packages/cli-kit/progress";
import { initialize } from "./foundation";
import { countChanges, describeCounts } from "@packages/terraform/plan-counts";
import type { Prepared } from "../lib/prepared-stack";

/** Prints Terraform's plan, without a lock and without a saved plan. */
export async function diff(prepared: Prepared, steps: Steps): Promise<void> {
  const { stack, target, cloud } = prepared;
  await initialize(prepared, steps);
  // Terraform Cloud decides on locks itself
  const flags = cloud === "remote" ? [] : ["-lock=false"];
  await steps.run("terraform plan", (status) => stack.plan(status, ...flags));
  const changes = describeCounts(countChanges(await stack.readPlan()));
  if (changes !== "no changes") {
    const colour = process.stdout.isTTY && !process.env.NO_COLOR;
    steps.line(await stack.show(colour ? [] : ["-no-color"]));
  }
  rmSync(stack.planFile);
  steps.line(changes === "no changes" ? `${target.name}: no changes.` : `${target.name}: ${changes}`);
}
