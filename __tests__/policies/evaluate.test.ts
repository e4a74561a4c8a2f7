import { exceptions, type PolicyException, anyResource } from "../../policies/exceptions";
import { evaluate } from "../../policies/evaluate";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { plannedStatements } from "../../packages/iam/planned-policy";
import { synthEnvironment, synthFoundation } from "../support/synth";
import { stackOf } from "./planted";
import { testEnvironments } from "../support/test-environments";

const names = testEnvironments.map(({ name }) => name);
const committed = names.flatMap((name) => [
  new Stack(name, synthEnvironment(name).json),
  new Stack(`foundation of ${name}`, synthFoundation(name).json),
]);
/** The day on which the exceptions were written: `npm run policies` evaluates by the day it runs on. */
const TODAY = new Date("2026-11-23");

const queue = stackOf({ "aws_sqs_queue.media": {} });
const exception: PolicyException = {
  rule: "queue-is-encrypted",
  address: "aws_sqs_queue.*",
  reason: "because",
  expires: "2026-11-23",
};
const found = (policyExceptions: readonly PolicyException[], today = TODAY) =>
  evaluate([queue], { exceptions: policyExceptions, today }).findings.filter(
    ({ rule }) => rule === "queue-is-encrypted",
  );

test("every environment and foundation keeps every rule, but for what is accepted", () => {
  expect(evaluate(committed, { exceptions, today: TODAY }).findings).toEqual([]);
});

test("the rules check the committed configuration: each stack has resources and providers", () => {
  for (const stack of committed) {
    expect(stack.resources.length).toBeGreaterThan(10);
    expect(stack.providers.length).toBeGreaterThan(0);
  }
});

test("fails at an address that is not accepted", () => {
  expect(found([])).toMatchObject([{ stack: "planted", address: "aws_sqs_queue.media" }]);
  expect(found([{ ...exception, address: "aws_sqs_queue.other*" }])).toHaveLength(2);
});

test.each([
  ["aws_sqs_queue.media", true],
  ["*", true],
  ["aws_*_queue.*", true],
  ["sqs_queue.media", false],
  ["aws_sqs_queue.med", false],
  ["aws_sqs_queue_media", false],
  ["aws_sqs.media", false],
])("an exception for %s covers aws_sqs_queue.media: %p", (address, covers) => {
  expect(evaluate([queue], { exceptions: [{ ...exception, address }], today: TODAY }).excepted).toHaveLength(
    covers ? 1 : 0,
  );
});

test("accepts a finding with a reason until the last day has ended", () => {
  expect(found([exception], new Date("2026-11-23T23:59:59Z"))).toEqual([]);
  expect(evaluate([queue], { exceptions: [exception], today: TODAY }).excepted).toHaveLength(1);
});

test("fails when an exception has expired", () => {
  expect(found([exception], new Date("2026-11-24T00:00:00Z"))).toMatchObject([
    {
      stack: "policies/exceptions.ts",
      address: "aws_sqs_queue.*",
      finding: "was accepted until 2026-11-23: because",
      remedy: "repair it, or review the reason and set a new date",
    },
  ]);
});

test("fails when the last day of an exception is no date", () => {
  expect(found([{ ...exception, expires: "someday" }])).toHaveLength(1);
});

test("fails when nothing breaks the rule that is accepted", () => {
  expect(evaluate([stackOf({})], { exceptions: [exception], today: TODAY }).findings).toMatchObject([
    {
      stack: "policies/exceptions.ts",
      address: "aws_sqs_queue.*",
      finding: "is accepted, but nothing breaks the rule there",
      remedy: "remove the entry",
    },
  ]);
});

test("every action that is accepted on any resource is used so, and has a reason", () => {
  const used = committed
    .flatMap((stack) => stack.of("aws_iam_role_policy"))
    .flatMap((policy) => plannedStatements(policy.at("policy")))
    .filter(({ resources }) => resources.includes("*"))
    .flatMap(({ actions }) => actions);
  expect(Object.keys(anyResource).filter((action) => !used.includes(action))).toEqual([]);
  expect(Object.values(anyResource).filter((reason) => reason.length < 10)).toEqual([]);
});

test("every exception has a reason", () => {
  expect(exceptions.filter(({ reason }) => reason.length < 10)).toEqual([]);
});
