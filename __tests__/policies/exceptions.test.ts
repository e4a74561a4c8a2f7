import { plannedStatements } from "../../packages/iam/planned-policy";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { rules } from "../../policies";
import { anyResource, exceptions } from "../../policies/exceptions";
import { synthEnvironment, synthFoundation } from "../support/synth";
import { testEnvironments } from "../support/test-environments";

test("every exception names a rule, and no two are the same", () => {
  const ids = rules.map(({ id }): string => id);
  expect(exceptions.filter(({ rule }) => !ids.includes(rule))).toEqual([]);
  const keys = exceptions.map(({ rule, address }) => `${rule} ${address}`);
  expect(new Set(keys).size).toBe(exceptions.length);
});

test("every exception has a reason and a last day", () => {
  expect(exceptions.filter(({ reason }) => reason.length < 10)).toEqual([]);
  for (const { expires } of exceptions) {
    expect(new Date(expires).toISOString().slice(0, 10)).toBe(expires);
  }
});

test("every action that is allowed on any resource is used so, and has a reason", () => {
  const used = testEnvironments
    .flatMap(({ name }) => [synthEnvironment(name), synthFoundation(name)])
    .flatMap(({ json }) => new Stack("committed", json).of("aws_iam_role_policy"))
    .flatMap((policy) => plannedStatements(policy.at("policy")))
    .filter(({ resources }) => resources.includes("*"))
    .flatMap(({ actions }) => actions);
  expect(Object.keys(anyResource).filter((action) => !used.includes(action))).toEqual([]);
  expect(Object.values(anyResource).filter((reason) => reason.length < 10)).toEqual([]);
});
