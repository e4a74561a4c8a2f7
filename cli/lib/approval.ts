import { confirm, type Confirmation } from "@packages/cli-kit/confirm";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Review } from "@packages/plan-review/review";

export interface Approval extends Confirmation {
  /** Beginning of the digest of a plan whose verdict is `blocked`. */
  readonly accept: string | undefined;
}

/** Resolves when the plan may be applied. Throws a Refusal that says what it would take. */
export async function approve(
  name: string,
  reviewed: Pick<Review, "verdict" | "digest">,
  { yes, accept, ask }: Approval,
): Promise<void> {
  const { verdict, digest } = reviewed;
  if (accept !== undefined && !digest.startsWith(accept)) {
    throw new Refusal(
      `--accept ${accept} is of another plan: this one's digest is ${digest}; nothing was applied`,
    );
  }
  if (accept !== undefined) return;
  if (verdict === "blocked") {
    throw new Refusal(
      `the review blocks this plan, so nothing was applied; to apply it anyway: --accept ${digest.slice(0, 12)}`,
    );
  }
  await confirm(`Apply this to ${name}?`, { yes, ask });
}
