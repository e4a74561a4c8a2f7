import type { Review } from "@packages/plan-review/review";

export interface Consent {
  /** First digits of the digest of a plan that a person accepted. */
  readonly accept?: string | undefined;
  /** The apply waits for a person, who reads the review. */
  readonly asksForApproval: boolean;
}

/** Digits of a digest that identify a plan. */
const MIN_DIGEST_LENGTH = 8;

/**
 * Lines for GITHUB_OUTPUT about a reviewed plan: whether it changes anything, and the SHA-256 of the plan file. Throws
 * with the findings if the plan needs a person: a blocked one needs the start of its digest as `accept`, one that needs
 * review that or an approval.
 */
export function plannedOutputs(reviews: string, { accept = "", asksForApproval }: Consent): string {
  const [review] = JSON.parse(reviews) as [Review | undefined];
  if (review?.planFile === undefined) {
    throw new Error("the review has no digest of a saved plan: review one plan with its plan.tfplan");
  }
  const { verdict, digest, planFile, changes, outputs, invoked } = review;
  const isAccepted = accept.length >= MIN_DIGEST_LENGTH && digest.startsWith(accept);
  const isHeld = verdict === "blocked" || (verdict === "needs-review" && !asksForApproval);
  if (isHeld && !isAccepted) throw new Error(heldMessage(review));
  return [`changes=${changes.length + outputs.length + invoked.length > 0}`, `plan-file=${planFile}`].join(
    "\n",
  );
}

function heldMessage({ stack, verdict, digest, findings }: Review): string {
  const isBlocked = verdict === "blocked";
  const severity = isBlocked ? "block" : "review";
  const reasons = findings
    .filter((finding) => finding.severity === severity)
    .map(({ title }) => `  ${title}`);
  const why = isBlocked
    ? `the review of ${stack} blocks the plan`
    : `the plan of ${stack} needs a review, and its GitHub environment asks nobody for approval`;
  return (
    `${why}; nothing was applied:\n${reasons.join("\n")}\n` +
    `to apply it anyway, run this workflow manually with accept ${digest.slice(0, 12)}`
  );
}
