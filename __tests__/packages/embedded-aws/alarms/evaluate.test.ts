import { evaluate } from "../../../../packages/embedded-aws/alarms/evaluate";

const alarm = { ComparisonOperator: "GreaterThanThreshold", EvaluationPeriods: 3, Threshold: 5 } as const;

it("rings when every datapoint of the window is beyond the threshold, and no datapoint before it counts", () => {
  expect(evaluate(alarm, [0, 6, 6, 6])).toBe("ALARM");
  expect(evaluate(alarm, [6, 6, 6, 5])).toBe("OK");
});

it("rings by M out of N", () => {
  const two = { ...alarm, DatapointsToAlarm: 2 };
  expect(evaluate(two, [6, 0, 6])).toBe("ALARM");
  expect(evaluate(two, [6, 0, 0])).toBe("OK");
});

it.each([
  ["notBreaching", "OK"],
  ["breaching", "ALARM"],
  ["missing", "INSUFFICIENT_DATA"],
  ["ignore", "ALARM"],
])("takes what was not measured for %s", (TreatMissingData, state) => {
  const none = [undefined, undefined, undefined];
  expect(evaluate({ ...alarm, TreatMissingData, StateValue: "ALARM" }, none)).toBe(state);
});

it.each([
  ["GreaterThanOrEqualToThreshold", 5, "ALARM"],
  ["LessThanThreshold", 5, "OK"],
  ["LessThanThreshold", 4, "ALARM"],
  ["LessThanOrEqualToThreshold", 5, "ALARM"],
] as const)("compares by %s", (ComparisonOperator, value, state) => {
  expect(evaluate({ ...alarm, ComparisonOperator }, [value, value, value])).toBe(state);
});

it("fails on a comparison that it does not know", () => {
  const other = { ...alarm, ComparisonOperator: "GreaterThanUpperThreshold" } as const;
  expect(() => evaluate(other, [1])).toThrow(/GreaterThanUpperThreshold/);
});
