import { confirm, type Confirmation } from "@packages/cli-kit/confirm";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Review } from "@packages/plan-review/review";

export interface Approval extends Confirmation {
  /** Prefix of the digest of a plan with verdict `blocked`. */
  readonly accept: string | undefined;
}

/** Resolves when the plan may be applied. Throws a Refusal that says how to approve it. */
export async function approve(
  name: string,
  reviewed: Pick<Review, "verdict" | "digest">,
  { yes, accept, ask }: Approval,
): Promise<void> {
  const { verdict, digest } = reviewed;
  if (accept !== undefined && !digest.startsWith(accept)) {
    throw new Refusal(`--accept ${accept} does not match this plan's digest ${digest}; nothing was applied`);
  }
  if (accept !== undefined) return;
  if (verdict === "blocked") {
    throw new Refusal(
      `the review blocks this plan; nothing was applied. To apply it anyway: --accept ${digest.slice(0, 12)}`,
    );
  }
  await confirm(`Apply this plan to ${name}?`, { yes, ask });
}
