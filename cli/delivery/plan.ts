import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { driftBySomeone } from "@packages/terraform/drift";
import { type Plan, readPlan } from "@packages/terraform/plan";
import type { Counts } from "@packages/terraform/terraform-stack";
import type { Steps } from "@packages/cli-kit/progress";
import { type ChangeCounts, countChanges, describeCounts } from "@packages/terraform/plan-counts";
import { type Reviewed, review } from "./review";
import { sha256Of } from "./saved-plan";
import type { Prepared } from "../lib/prepared-stack";
import { awsShapes } from "../lib/provider-schemas";
import type { SynthesizedStack } from "../lib/synthesize";
import { terraformToolchain } from "../lib/toolchain";

/** A saved plan that was reviewed. */
export interface ReviewedPlan {
  readonly changes: ChangeCounts;
  readonly empty: boolean;
  readonly reviewed: Reviewed;
  /** SHA-256 of the plan file in hexadecimal, for `--sha256`. */
  readonly sha256: string;
}

/** Plans the synthesized stack and reviews the plan; Terraform must be initialized. */
export async function plan(prepared: Prepared, steps: Steps): Promise<ReviewedPlan> {
  const { stack, folder } = prepared;
  for (const old of ["plan.tfplan", "plan.json", "review.md", "review.html", "review.json"]) {
    rmSync(join(folder, old), { force: true });
  }
  await steps.run(
    "terraform plan",
    (status) => stack.plan(status),
    (counts) => (prepared.cloud === "remote" ? "planned by Terraform Cloud" : planned(counts)),
  );
  return reviewOf(prepared, steps);
}

const planned = ({ add, change, remove }: Counts) =>
  `${add} to add, ${change} to change, ${remove} to destroy`;

/** Reviews the plan in the stack's folder and prints the verdict. */
export async function reviewOf(prepared: Prepared, steps: Steps): Promise<ReviewedPlan> {
  const { stack, folder, target, synthesized } = prepared;
  const json = await withDriftBySomeone(await stack.show(), synthesized);
  const planJson = join(folder, "plan.json");
  writeFileSync(planJson, json, { mode: 0o600 });
  // the review reads the synthesized JSON next to the plan
  copyFileSync(join(synthesized.folder, "cdk.tf.json"), join(folder, "cdk.tf.json"));
  const changes = countChanges(readPlan(json, planJson));
  const reviewed = await steps.run(
    "review",
    () => Promise.resolve(review({ stack: target.stack, folder, planJson, planFile: stack.planFile })),
    ({ line }) => line,
  );
  return {
    changes,
    empty: describeCounts(changes) === "no changes",
    reviewed,
    sha256: sha256Of(stack.planFile),
  };
}

/** The plan's JSON, with the changes outside of Terraform that someone made, and no others. */
async function withDriftBySomeone(json: string, synthesized: SynthesizedStack): Promise<string> {
  const plan = JSON.parse(json) as Plan;
  if ((plan.resource_drift ?? []).length === 0) return json;
  const required = synthesized.json.at("terraform.required_providers").raw;
  const { readOnly } = awsShapes(await terraformToolchain(), required);
  const ignored = new Map(
    synthesized.resources.map((resource) => [
      resource.address,
      resource.at("lifecycle.ignore_changes").texts,
    ]),
  );
  return JSON.stringify({
    ...plan,
    resource_drift: driftBySomeone(plan.resource_drift, {
      readOnly: (type) => readOnly[type] ?? [],
      ignored: (address) => ignored.get(address) ?? [],
    }),
  });
}

/** The result of a plan, with the paths of its files and the command that applies it. */
export function summary({ stack, target, folder }: Prepared, result: ReviewedPlan): string {
  if (result.empty) return `${target.name}: no changes.`;
  const here = (file: string) => relative(process.cwd(), file);
  return [
    `${target.name}: ${describeCounts(result.changes)}`,
    `review       ${here(join(folder, "review.html"))}`,
    `saved plan   ${here(stack.planFile)}, SHA-256 ${result.sha256}`,
    `to apply it  npm run deploy -- ${target.name} --plan ${here(stack.planFile)} --sha256 ${result.sha256}`,
  ].join("\n");
}
