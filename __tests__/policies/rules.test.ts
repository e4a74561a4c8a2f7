import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { SETTINGS } from "../../cli/docs/settings";
import { type RuleId, ruleOf, rules } from "../../policies";
import { filesOf } from "../../policies/evaluate";
import { expectNoFaults } from "../support/faults";
import { type Case, stackOf } from "./planted";
import { accessCases } from "./planted-access";
import { dataCases } from "./planted-data";
import { edgeCases } from "./planted-edge";
import { monitoringCases } from "./planted-monitoring";

const ROOT = resolve(__dirname, "../..");

const cases: Record<RuleId, readonly Case[]> = {
  ...dataCases,
  ...accessCases,
  ...edgeCases,
  ...monitoringCases,
};
const table = Object.entries(cases).flatMap(([id, planted]) =>
  planted.map((one, index) => ({ id: id as RuleId, index: index + 1, ...one })),
);

const AWS_PAGE = /^https:\/\/docs\.aws\.amazon\.com\/\S+[^./]$/;
const PROVIDER_PAGE =
  /^https:\/\/(registry\.terraform\.io\/providers|github\.com)\/hashicorp\/(terraform-provider-)?aws\/\S+[^./]$/;
const isSource = (url: string): boolean => AWS_PAGE.test(url) || PROVIDER_PAGE.test(url);

/** Whether a text contains a path or property as a whole word. */
const mentions = (text: string, name: string): boolean =>
  new RegExp(`(?<!\\w)${name.replace(/[.()]/g, "\\$&")}(?!\\w)`).test(text);

test.each(table)("$id finds planted violation $index at $at", ({ id, plant, at }) => {
  const findings = ruleOf(id).find(stackOf(plant));
  expect(findings.map(({ address }) => address)).toEqual([at]);
  expect(findings[0]?.finding).toMatch(/^\S.*\w{3}.*[^.]$/);
  // A provider is not a construct, so its findings have the stack's path.
  expect(findings[0]?.path).toBe(at.startsWith("provider") ? "planted" : `planted/${at.split(".")[1]}`);
});

test.each(table)(
  "the remedy of $id for violation $index names what to change, and where",
  ({ id, plant }) => {
    const rule = ruleOf(id);
    const names = rule.settings ?? Object.values(rule.code).flat();
    for (const finding of rule.find(stackOf(plant))) {
      const { remedy } = finding;
      expect({ remedy, named: names.some((name) => mentions(remedy, name)) }).toEqual({
        remedy,
        named: true,
      });
      expect(filesOf(rule, finding)).toHaveLength(1);
      expect(isSource(finding.source ?? rule.source)).toBe(true);
    }
  },
);

test.each(table)("$id passes repair $index", ({ id, plant, repair }) => {
  expect(ruleOf(id).find(stackOf(plant, repair))).toEqual([]);
});

test("no rule finds a violation in an empty stack", () => {
  expect(rules.flatMap((rule) => rule.find(stackOf({})))).toEqual([]);
});

test("every rule states what it requires in one sentence", () => {
  for (const { sentence } of rules) expect(sentence).toMatch(/^[A-Z].+[^.]\.$/);
});

test("every rule links to a page of AWS or of Terraform's AWS provider", () => {
  const without = rules.filter(({ source }) => !isSource(source));
  expectNoFaults(
    without.map(({ id, source }) => `link policies/rules/${id}.ts to a page: ${source} is none`),
  );
});

test("every setting that a rule names is in the schema", () => {
  const paths = SETTINGS.map(({ path }) => path);
  const named = rules.flatMap(({ id, settings = [] }) => settings.map((setting) => ({ id, setting })));
  expect(named.length).toBeGreaterThan(0);
  const unknown = named.filter(({ setting }) => !paths.includes(setting));
  expectNoFaults(unknown.map(({ id, setting }) => `policies/rules/${id}.ts: the schema has no ${setting}`));
});

test("every property that a rule names is in the file that it names", () => {
  const named = rules.flatMap(({ code = {} }) =>
    Object.entries(code).flatMap(([file, properties]) => properties.map((property) => ({ file, property }))),
  );
  const isThere = ({ file, property }: (typeof named)[number]): boolean =>
    existsSync(resolve(ROOT, file)) &&
    readFileSync(resolve(ROOT, file), "utf8").includes(property.replace("()", "("));
  expect(named.length).toBeGreaterThan(rules.length / 2);
  const missing = named.filter((one) => !isThere(one));
  expectNoFaults(
    missing.map(({ file, property }) => `a rule names ${property}, which ${file} does not contain`),
  );
});
