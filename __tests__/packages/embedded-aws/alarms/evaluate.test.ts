import { evaluate } from "../../../../packages/embedded-aws/alarms/evaluate";

const alarm = { ComparisonOperator: "GreaterThanThreshold", EvaluationPeriods: 3, Threshold: 5 } as const;

it("is in ALARM when every datapoint of the window breaches the threshold, and ignores earlier datapoints", () => {
  expect(evaluate(alarm, [0, 6, 6, 6])).toBe("ALARM");
  expect(evaluate(alarm, [6, 6, 6, 5])).toBe("OK");
});

it("is in ALARM when M out of N datapoints breach", () => {
  const two = { ...alarm, DatapointsToAlarm: 2 };
  expect(evaluate(two, [6, 0, 6])).toBe("ALARM");
  expect(evaluate(two, [6, 0, 0])).toBe("OK");
});

it.each([
  ["notBreaching", "OK"],
  ["breaching", "ALARM"],
  ["missing", "INSUFFICIENT_DATA"],
  ["ignore", "ALARM"],
])("treats missing data as %s", (TreatMissingData, state) => {
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
