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
  const none = [undefined, undefined, undefined, undefined, undefined];
  expect(evaluate({ ...alarm, TreatMissingData, StateValue: "ALARM" }, none)).toBe(state);
});

/** AWS's examples of three evaluation periods: o is within the threshold, X beyond, and - missing. */
it.each([
  [3, "o-X-X", "OK", "OK"],
  [3, "o----", "OK", "OK"],
  [3, "-----", "ALARM", "OK"],
  [3, "oXX-X", "ALARM", "ALARM"],
  [3, "--X--", "ALARM", "OK"],
  [2, "o-X-X", "ALARM", "ALARM"],
  [2, "ooXoX", "ALARM", "ALARM"],
  [2, "o-X--", "ALARM", "OK"],
  [2, "----o", "ALARM", "OK"],
  [2, "---X-", "ALARM", "OK"],
])("%d of 3 with %s is %s if missing data breaches, else %s", (DatapointsToAlarm, data, breaching, not) => {
  const points = [...data].map((one) => ({ o: 0, X: 6 })[one]);
  const state = (TreatMissingData: string) =>
    evaluate({ ...alarm, DatapointsToAlarm, TreatMissingData }, points);
  expect([state("breaching"), state("notBreaching")]).toEqual([breaching, not]);
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
