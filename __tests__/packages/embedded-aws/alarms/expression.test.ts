import { metricMath } from "../../../../packages/embedded-aws/alarms/expression";

const of = (text: string, period: Record<string, number> = {}) => metricMath(text)(period);

it.each([
  ["1 + 2 * 3", {}, 7],
  ["(1 + 2) * 3", {}, 9],
  ["8 - 2 - 1", {}, 5],
  ["100 * failed / requests", { failed: 2, requests: 400 }, 0.5],
  ["IF(n >= 10, bad, 0)", { n: 10, bad: 7 }, 7],
  ["IF(n >= 10, bad, 0)", { n: 9, bad: 7 }, 0],
  ["MAX([m1, m2])", { m1: 3, m2: 9 }, 9],
  ["MIN([m1, m2 * 2])", { m1: 3, m2: 1 }, 2],
  ["FILL(a, 3)", {}, 3],
  ["FILL(a, 3)", { a: 0 }, 0],
  ["FILL(MIN([a, b]), 0) + 1", { b: 2 }, 3],
])("%s of %j is %d", (text, period, value) => {
  expect(of(text, period)).toBe(value);
});

it("is missing where something that it needs is, or where it divides by nothing", () => {
  expect(of("100 - a")).toBeUndefined();
  expect(of("IF(n >= 10, bad, 0)", { bad: 7 })).toBeUndefined();
  expect(of("a / b", { a: 1, b: 0 })).toBeUndefined();
  expect(of("MAX([a, b])")).toBeUndefined();
});

it("leaves a node out of the worst of several that did not report", () => {
  expect(of("MAX([a, b])", { b: 2 })).toBe(2);
});

it.each([
  "",
  "a +",
  "a b",
  "FILL(a, REPEAT)",
  "FILL(a, b)",
  "FILL(a)",
  "IF(a, b)",
  "MAX(a, b)",
  "a & b",
  "(a",
])("fails on %j", (text) => {
  expect(() => metricMath(text)).toThrow(/can't parse/);
});
