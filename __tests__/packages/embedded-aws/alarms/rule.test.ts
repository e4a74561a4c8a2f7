import type { StateValue } from "@aws-sdk/client-cloudwatch";
import { ruleHolds } from "../../../../packages/embedded-aws/alarms/rule";

const states = new Map<string, StateValue>([
  ["a", "ALARM"],
  ["b", "OK"],
  ["c", "INSUFFICIENT_DATA"],
]);

it.each([
  ["ALARM(a)", true],
  ['ALARM("a")', true],
  ["ALARM(a) AND ALARM(b)", false],
  ["ALARM(b) OR ALARM(a)", true],
  ["ALARM(b) AND ALARM(b) OR ALARM(a)", true],
  ["ALARM(b) AND (ALARM(b) OR ALARM(a))", false],
  ["NOT OK(a) AND INSUFFICIENT_DATA(c)", true],
  ["NOT (ALARM(a) OR FALSE)", false],
])("%s is %s", (rule, holds) => {
  expect(ruleHolds(rule, states)).toBe(holds);
});

it.each(["ALARM(nobody)", "ALARM(a) ALARM(b)", "ALARM(a", "a", "", "ALARM(a) AND"])("fails on %j", (rule) => {
  expect(() => ruleHolds(rule, states)).toThrow(/rule/);
});
