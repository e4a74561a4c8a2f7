import { plannedOutputs } from "../../../cli/github/planned";
import { reviewOf } from "../../../packages/plan-review/review";
import { planOf, type Planted } from "../../packages/plan-review/plans";

const review = (planted: Readonly<Record<string, Planted>>, planFile?: string) =>
  reviewOf(planOf(planted), { stack: "streamflow-dev", ...(planFile === undefined ? {} : { planFile }) });
const queue = { "aws_sqs_queue.q": { before: {} } };

/** A push to an environment that asks nobody. */
const PUSH = { asksForApproval: false };

test("outputs whether there is something to apply, and which file", () => {
  expect(plannedOutputs(JSON.stringify([review({}, "f1")]), PUSH)).toBe("changes=false\nplan-file=f1");
  expect(
    plannedOutputs(JSON.stringify([review({ "aws_sns_topic.t": { after: { name: "t" } } }, "f2")]), PUSH),
  ).toBe("changes=true\nplan-file=f2");
});

test("a plan that only runs an action has something to apply", () => {
  const action = { address: "action.aws_lambda_invoke.migrate", type: "aws_lambda_invoke" };
  const plan = planOf({}, { action_invocations: [action] });
  const invoking = reviewOf(plan, { stack: "streamflow-dev", planFile: "f4" });
  expect(plannedOutputs(JSON.stringify([invoking]), { asksForApproval: true })).toBe(
    "changes=true\nplan-file=f4",
  );
});

test("a plan that the review blocks is not applied, unless its digest is given", () => {
  const stopped = review(queue, "f3");
  const text = JSON.stringify([stopped]);
  const message = new RegExp(`aws_sqs_queue.q is deleted[\\s\\S]*accept ${stopped.digest.slice(0, 12)}`);
  expect(() => plannedOutputs(text, PUSH)).toThrow(message);
  expect(() => plannedOutputs(text, { asksForApproval: true })).toThrow(message);
  for (const wrong of ["", stopped.digest.slice(0, 7), "0123456789ab"]) {
    expect(() => plannedOutputs(text, { ...PUSH, accept: wrong })).toThrow(/blocks the plan/);
  }
  expect(plannedOutputs(text, { ...PUSH, accept: stopped.digest.slice(0, 8) })).toBe(
    "changes=true\nplan-file=f3",
  );
});

test("a plan that needs review waits for an approval, or for its digest where nobody is asked", () => {
  const doubtful = review({ "aws_lb.l": { after: { internal: false } } }, "f5");
  const text = JSON.stringify([doubtful]);
  expect(doubtful.verdict).toBe("needs-review");
  expect(plannedOutputs(text, { asksForApproval: true })).toBe("changes=true\nplan-file=f5");
  expect(() => plannedOutputs(text, PUSH)).toThrow(/needs a review, and its GitHub environment asks nobody/);
  expect(() => plannedOutputs(text, PUSH)).toThrow(/aws_lb.l faces the internet/);
  expect(plannedOutputs(text, { ...PUSH, accept: doubtful.digest.slice(0, 12) })).toBe(
    "changes=true\nplan-file=f5",
  );
});

test("fails on a review without the digest of a saved plan", () => {
  expect(() => plannedOutputs(JSON.stringify([review({})]), PUSH)).toThrow(/has no digest of a saved plan/);
});
