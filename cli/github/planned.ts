import type { Review } from "@packages/plan-review/review";

/**
 * Lines for GITHUB_OUTPUT about a reviewed plan: whether it changes anything, and the SHA-256 of the plan file. Throws
 * with the findings if the review blocks the plan and `accept` is not the start of its digest.
 */
export function plannedOutputs(reviews: string, accept?: string): string {
  const [review] = JSON.parse(reviews) as [Review | undefined];
  if (review?.planFile === undefined) {
    throw new Error("the review has no digest of a saved plan: review one plan with its plan.tfplan");
  }
  const { stack, verdict, digest, findings, planFile, changes, outputs, invoked } = review;
  const accepted = accept !== undefined && accept.length >= 8 && digest.startsWith(accept);
  if (verdict === "blocked" && !accepted) {
    const reasons = findings.filter(({ severity }) => severity === "block").map(({ title }) => `  ${title}`);
    throw new Error(
      `the review of ${stack} blocks the plan; nothing was applied:\n${reasons.join("\n")}\n` +
        `to apply it anyway, run this workflow manually with accept ${digest.slice(0, 12)}`,
    );
  }
  return [`changes=${changes.length + outputs.length + invoked.length > 0}`, `plan-file=${planFile}`].join(
    "\n",
  );
}
