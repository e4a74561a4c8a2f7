import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { type RuleName, rules } from "../../policies";
import { descriptions } from "../../policies/descriptions";
import type { Rule } from "../../policies/rule";
import { type Case, stackOf } from "./planted";
import { accessCases } from "./planted-access";
import { dataCases } from "./planted-data";
import { edgeCases } from "./planted-edge";
import { watchCases } from "./planted-monitoring";

const cases: Record<RuleName, readonly Case[]> = {
  ...dataCases,
  ...accessCases,
  ...edgeCases,
  ...watchCases,
};
const table = Object.entries(cases).flatMap(([name, planted]) =>
  planted.map((one, index) => ({ name: name as RuleName, index: index + 1, ...one })),
);

test.each(table)(
  "$name fails on planted violation $index at $at, saying how to mend it",
  ({ name, plant, at }) => {
    const findings = rules[name](stackOf(plant));
    expect(findings.map(({ address }) => address)).toEqual([at]);
    expect(findings[0]?.finding).toMatch(/\w{3}/);
    expect(findings[0]?.remedy).toMatch(/\w{3}/);
    // A provider is no construct: its findings are at the stack.
    expect(findings[0]?.path).toBe(at.startsWith("provider") ? "planted" : `planted/${at.split(".")[1]}`);
  },
);

test.each(table)("$name passes repair $index", ({ name, plant, repair }) => {
  expect(rules[name](stackOf(plant, repair))).toEqual([]);
});

test("every rule has a violation and a repair", () => {
  const without = Object.keys(rules).filter((name) => !cases[name as RuleName]?.length);
  expect(without).toEqual([]);
});

test("every file of a rule is listed under its name", () => {
  const files = readdirSync(resolve(__dirname, "../../policies/rules")).map((name) =>
    name.replace(/\.ts$/, ""),
  );
  expect(files.toSorted()).toEqual(Object.keys(rules).toSorted());
});

test("no rule finds fault with an empty stack", () => {
  expect(Object.values(rules).flatMap((rule: Rule) => rule(stackOf({})))).toEqual([]);
});

test("every rule states its requirement in one sentence", () => {
  expect(Object.keys(descriptions)).toEqual(Object.keys(rules));
  for (const { sentence } of Object.values(descriptions)) expect(sentence).toMatch(/^[A-Z][^.]+\.$/);
});

test("every rule links to a page of AWS or of Terraform's AWS provider", () => {
  const pages =
    /^https:\/\/(docs\.aws\.amazon\.com|registry\.terraform\.io\/providers\/hashicorp\/aws)\/\S+[^./]$/;
  const other = Object.entries(descriptions).filter(([, { source }]) => !pages.test(source));
  expect(other).toEqual([]);
});
