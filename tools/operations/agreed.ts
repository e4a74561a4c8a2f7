import type { Approval } from "../delivery/approval";
import { Refusal } from "../delivery/refusal";

/** Resolves when a person, or `--yes`, agrees. Throws a Refusal otherwise: nothing was changed yet. */
export async function agreed(question: string, { yes, ask }: Pick<Approval, "yes" | "ask">): Promise<void> {
  if (yes) return;
  if (ask === undefined) throw new Refusal("nobody can be asked here, so nothing was changed: pass --yes");
  const answer = (await ask(`${question} Only yes is a yes: `)).trim();
  if (answer !== "yes") throw new Refusal(`the answer was "${answer}", so nothing was changed`);
}
