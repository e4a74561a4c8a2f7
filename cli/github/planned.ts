import type { Review } from "@packages/plan-review/review";

/**
 * What the next job must know of a plan that was reviewed, as lines for GITHUB_OUTPUT: whether anything changes, and the
 * SHA-256 of the saved plan. A plan that the review blocks goes no further, unless somebody has read the review and
 * gives the beginning of its digest. Throws then, with the findings and with what it takes.
 */
export function plannedOutputs(reviews: string, accept?: string): string {
  const [review] = JSON.parse(reviews) as [Review | undefined];
  if (review?.planFile === undefined) {
    throw new Error(
      "the review holds no digest of a saved plan: it must be of one plan, with its plan.tfplan",
    );
  }
  const { stack, verdict, digest, findings, planFile, changes, outputs, invoked } = review;
  const accepted = accept !== undefined && accept.length >= 8 && digest.startsWith(accept);
  if (verdict === "blocked" && !accepted) {
    const reasons = findings.filter(({ severity }) => severity === "block").map(({ title }) => `  ${title}`);
    throw new Error(
      `the review of ${stack} blocks the plan, so nothing is applied:\n${reasons.join("\n")}\n` +
        `to apply it anyway, run this workflow by hand with accept ${digest.slice(0, 12)}`,
    );
  }
  return [`changes=${changes.length + outputs.length + invoked.length > 0}`, `plan-file=${planFile}`].join(
    "\n",
  );
}
