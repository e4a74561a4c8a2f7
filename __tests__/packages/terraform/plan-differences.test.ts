import type { Plan, ResourceChange } from "../../../packages/terraform/plan";
import { differences } from "../../../packages/terraform/plan-differences";

const database = (change: object, mode: ResourceChange["mode"] = "managed"): ResourceChange => ({
  address: "aws_db_instance.database",
  type: "aws_db_instance",
  name: "database",
  mode,
  change: { actions: ["update"], before: {}, after: {}, ...change },
});

const told = (...resource_changes: ResourceChange[]) => outputsToo({ resource_changes });
const outputsToo = (plan: Pick<Plan, "resource_changes" | "output_changes">) =>
  differences(plan).map(({ address, attribute }) => `${address}: ${attribute}`);

test("an update differs in each attribute that changes", () => {
  const change = {
    before: { monitoring_interval: 0, port: 5432, tags: { a: "1" } },
    after: { monitoring_interval: 60, port: 5432, tags: { a: "2" } },
  };
  expect(told(database(change))).toEqual([
    "aws_db_instance.database: monitoring_interval",
    "aws_db_instance.database: tags",
  ]);
});

test("an attribute that is known only after the apply differs", () => {
  const change = { before: { endpoint: "a" }, after_unknown: { endpoint: true, other: { nested: false } } };
  expect(told(database(change))).toEqual(["aws_db_instance.database: endpoint"]);
});

test.each([["create"], ["delete"], ["delete", "create"]])("%s %s is one difference", (...actions) => {
  expect(told(database({ actions, before: null, after: null }))).toEqual([
    `aws_db_instance.database: ${actions.join(" and ")}`,
  ]);
});

test("an output differs, what a data source reads does not", () => {
  const output = (action: string) => ({ actions: [action], before: 1, after: 2 });
  expect(
    outputsToo({
      resource_changes: [database({ actions: ["read"] }, "data"), database({ actions: ["no-op"] })],
      output_changes: { api_url: output("update"), api_id: output("no-op") },
    }),
  ).toEqual(["output.api_url: value"]);
});
