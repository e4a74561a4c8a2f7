import { existsSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Steps } from "@packages/cli-kit/progress";
import { initialize } from "./foundation";
import { reviewOf } from "./plan";
import type { Prepared } from "../lib/prepared-stack";

/**
 * Looks for what was changed outside of Terraform, and classifies it. Writes `drift.md` into the stack's folder when
 * there is some, and leaves none when there is none. Takes no lock, and nothing to apply remains.
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
    steps.line(`${target.stack}: nothing was changed outside of Terraform.`);
    return;
  }
  const written = join(folder, "review.md");
  if (existsSync(written)) renameSync(written, report);
  steps.line(
    `${target.stack}: ${reviewed.drift.length} changed outside of Terraform: ${relative(process.cwd(), report)}`,
  );
}
