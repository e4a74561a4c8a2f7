import { approve, type Approval } from "../../../cli/lib/approval";
import { Refusal } from "../../../packages/cli-kit/refusal";
import type { Review } from "../../../packages/plan-review/review";

const DIGEST = "0123456789abcdef".repeat(4);
const nobody: Approval = { yes: false, accept: undefined, ask: undefined };
const says = (answer: string): Approval => ({ ...nobody, ask: () => Promise.resolve(answer) });

const approval = (verdict: Review["verdict"], how: Approval) =>
  approve("dev", { verdict, digest: DIGEST }, how);

test.each<[Review["verdict"], Approval]>([
  ["safe", says("yes")],
  ["needs-review", says(" yes\n")],
  ["safe", { ...nobody, yes: true }],
  ["needs-review", { ...nobody, yes: true }],
  ["blocked", { ...nobody, accept: DIGEST.slice(0, 8) }],
])("a plan whose verdict is %s is applied when approved as %j", async (verdict, how) => {
  await expect(approval(verdict, how)).resolves.toBeUndefined();
});

test.each<[string, Review["verdict"], Approval, string]>([
  ["an answer other than yes", "safe", says("y"), 'not confirmed (answer "y")'],
  ["nobody to ask", "safe", nobody, "Pass --yes"],
  ["a blocked plan, whatever --yes says", "blocked", { ...nobody, yes: true }, "--accept 0123456789ab"],
  ["a blocked plan, whatever a person says", "blocked", says("yes"), "the review blocks this plan"],
  [
    "the digest of another plan",
    "blocked",
    { ...nobody, accept: "ffffffff" },
    "--accept ffffffff does not match this plan's digest",
  ],
  [
    "another plan's digest, even if this is safe",
    "safe",
    { ...nobody, yes: true, accept: "ffffffff" },
    "does not match",
  ],
])("%s is refused", async (_, verdict, how, message) => {
  await expect(approval(verdict, how)).rejects.toThrow(Refusal);
  await expect(approval(verdict, how)).rejects.toThrow(message);
});
