import { countChanges, describeCounts } from "../../../cli/lib/changes";

const change = (more: object, ...actions: string[]) => ({
  address: "aws_sqs_queue.media",
  type: "aws_sqs_queue",
  change: { actions, before: null, after: null },
  ...more,
});

test("a replacement is counted apart, in whichever order it is done", () => {
  const counts = countChanges({
    resource_changes: [
      change({}, "create"),
      change({}, "delete", "create"),
      change({}, "create", "delete"),
      change({}, "update"),
      change({}, "no-op"),
    ],
  });
  expect(counts).toMatchObject({ create: 1, replace: 2, update: 1, delete: 0 });
  expect(describeCounts(counts)).toBe("1 to create, 1 to update, 2 to replace");
});

test("moves and outputs are changes, what a data source reads is none", () => {
  const counts = countChanges({
    resource_changes: [
      change({ previous_address: "aws_sqs_queue.old" }, "no-op"),
      change({}, "forget"),
      change({ mode: "data" }, "read"),
    ],
    output_changes: { url: { actions: ["update"] }, id: { actions: ["no-op"] } },
  });
  expect(describeCounts(counts)).toBe("2 to move in the state, 1 output to change");
});

test("a plan that does nothing has no changes", () => {
  expect(describeCounts(countChanges({ resource_changes: [change({}, "no-op")] }))).toBe("no changes");
});
