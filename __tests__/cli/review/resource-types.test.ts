import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reviewOf } from "../../../packages/plan-review/review";
import { readStacks } from "../../../packages/terraform/synthesized-stack";
import { planOf, type Planted } from "../../packages/plan-review/plans";
import { synthTo } from "../../support/synth";
import { testEnvironments } from "../../support/test-environments";

const folder = mkdtempSync(join(tmpdir(), "streamflow-types-"));
synthTo(folder, testEnvironments);
afterAll(() => rmSync(folder, { recursive: true }));

const types = [
  ...new Set(
    readStacks(folder).flatMap((stack) => stack.resources.map(({ address }) => address.split(".")[0] ?? "")),
  ),
].sort();

const verdict = (planted: Planted, type: string) =>
  reviewOf(planOf({ [`${type}.one`]: planted }), { stack: "s" }).verdict;

test("the stacks have about a hundred types", () => {
  expect(types.length).toBeGreaterThan(90);
});

test.each(types)("%s: its deletion and its removal from the state are never safe", (type) => {
  const before = { id: "one", name: "one" };
  expect(verdict({ before, actions: ["delete"] }, type)).toMatch(/^(needs-review|blocked)$/);
  expect(verdict({ before, actions: ["forget"] }, type)).toMatch(/^(needs-review|blocked)$/);
  expect(verdict({ before, after: before, actions: ["create", "forget"] }, type)).toMatch(
    /^(needs-review|blocked)$/,
  );
});

/** Types whose every attribute has a rule, or is ordinary. */
const COMPLETE =
  /^aws_(?:api_gateway_(?:deployment|model|resource)|cloudwatch_query_definition|xray_sampling_rule|lambda_permission|iam_role_policy(?:_attachment)?)$/;

test.each(types.filter((type) => !COMPLETE.test(type)))(
  "%s: a change of an attribute without a rule is not safe, one of its tags is",
  (type) => {
    const before = { id: "one", name: "one" };
    expect(verdict({ before, after: { ...before, attribute_of_a_later_version: "x" } }, type)).toBe(
      "needs-review",
    );
    expect(verdict({ before, after: { ...before, tags: { a: "b" } } }, type)).toBe("safe");
  },
);
