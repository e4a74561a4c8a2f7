import { plannedOutputs } from "../../../cli/github/planned";
import { reviewOf } from "../../../packages/plan-review/review";
import { planOf, type Planted } from "../../packages/plan-review/plans";

const review = (planted: Readonly<Record<string, Planted>>, planFile?: string) =>
  reviewOf(planOf(planted), { stack: "streamflow-dev", ...(planFile === undefined ? {} : { planFile }) });
const queue = { "aws_sqs_queue.q": { before: {} } };

test("outputs whether there is something to apply, and which file", () => {
  expect(plannedOutputs(JSON.stringify([review({}, "f1")]))).toBe("changes=false\nplan-file=f1");
  expect(plannedOutputs(JSON.stringify([review({ "aws_sns_topic.t": { after: {} } }, "f2")]))).toBe(
    "changes=true\nplan-file=f2",
  );
});

test("a plan that only runs an action has something to apply", () => {
  const action = { address: "action.aws_lambda_invoke.migrate", type: "aws_lambda_invoke" };
  const plan = planOf({}, { action_invocations: [action] });
  const invoking = reviewOf(plan, { stack: "streamflow-dev", planFile: "f4" });
  expect(plannedOutputs(JSON.stringify([invoking]))).toBe("changes=true\nplan-file=f4");
});

test("a plan that the review blocks is not applied, unless its digest is given", () => {
  const stopped = review(queue, "f3");
  const text = JSON.stringify([stopped]);
  const message = new RegExp(`aws_sqs_queue.q is deleted[\\s\\S]*accept ${stopped.digest.slice(0, 12)}`);
  expect(() => plannedOutputs(text)).toThrow(message);
  for (const wrong of ["", stopped.digest.slice(0, 7), "0123456789ab"]) {
    expect(() => plannedOutputs(text, wrong)).toThrow(/blocks the plan/);
  }
  expect(plannedOutputs(text, stopped.digest.slice(0, 8))).toBe("changes=true\nplan-file=f3");
});

test("fails on a review without the digest of a saved plan", () => {
  expect(() => plannedOutputs(JSON.stringify([review({})]))).toThrow(/has no digest of a saved plan/);
});
