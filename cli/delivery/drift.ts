import { existsSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Steps } from "@packages/cli-kit/progress";
import { initialize } from "./foundation";
import { reviewOf } from "./plan";
import type { Prepared } from "../lib/prepared-stack";

/**
 * Finds and classifies changes made outside of Terraform. Writes `drift.md` to the stack's folder, or removes it if
 * there are none. Takes no lock and saves no plan.
 */
export async function drift(prepared: Prepared, steps: Steps): Promise<void> {
  const { stack, target, folder } = prepared;
  const report = join(folder, "drift.md");
  rmSync(report, { force: true });
  await initialize(prepared, steps);
  await steps.run("terraform plan", (status) => stack.plan(status, "-refresh-only", "-lock=false"));
  const { reviewed } = await reviewOf(prepared, steps);
  rmSync(stack.planFile);
  if (reviewed.drift.length === 0) {
    steps.line(`${target.name}: no changes outside of Terraform.`);
    return;
  }
  const written = join(folder, "review.md");
  if (existsSync(written)) renameSync(written, report);
  steps.line(
    `${target.name}: ${reviewed.drift.length} resources changed outside of Terraform, see ${relative(process.cwd(), report)}`,
  );
}
