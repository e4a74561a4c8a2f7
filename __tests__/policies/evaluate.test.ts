import { exceptions, type PolicyException } from "../../policies/exceptions";
import { evaluate } from "../../policies/evaluate";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { expectNoFaults } from "../support/faults";
import { synthEnvironment, synthFoundation } from "../support/synth";
import { stackOf } from "./planted";
import { testEnvironments } from "../support/test-environments";

const names = testEnvironments.map(({ name }) => name);
const committed = names.flatMap((name) => [
  new Stack(name, synthEnvironment(name).json),
  new Stack(`foundation of ${name}`, synthFoundation(name).json),
]);
/** The date of the exceptions; `npm run policies` uses the current date. */
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

test("every environment and foundation follows every rule, except where an exception covers it", () => {
  const { findings } = evaluate(committed, { exceptions, today: TODAY });
  expectNoFaults(
    findings.map(
      ({ rule, stack, address, finding, remedy }) => `${stack} ${address}: ${finding} (${rule}); ${remedy}`,
    ),
  );
});

test("the rules check the committed configuration: each stack has resources and providers", () => {
  for (const stack of committed) {
    expect(stack.resources.length).toBeGreaterThan(10);
    expect(stack.providers.length).toBeGreaterThan(0);
  }
});

test("fails at an address without an exception", () => {
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
      finding: "the exception expired on 2026-11-23; its reason was: because",
      remedy: "correct the finding and remove the exception, or review the reason and set a new date",
    },
  ]);
});

test("fails when the last day of an exception is not a date", () => {
  expect(found([{ ...exception, expires: "someday" }])).toHaveLength(1);
});

test("fails when an exception covers no finding", () => {
  expect(evaluate([stackOf({})], { exceptions: [exception], today: TODAY }).findings).toMatchObject([
    {
      stack: "policies/exceptions.ts",
      address: "aws_sqs_queue.*",
      finding: "the exception covers no finding",
      remedy: "remove the exception",
    },
  ]);
});

test("a finding has the sentence and the page of its rule, and the file to change", () => {
  expect(found([])).toEqual([
    {
      rule: "queue-is-encrypted",
      sentence: "A queue is encrypted at rest.",
      stack: "planted",
      address: "aws_sqs_queue.media",
      path: "planted/media",
      finding: "messages are not encrypted",
      remedy: "set sqsManagedSseEnabled to true",
      files: ["stacks/constructs/data/work-queue.ts"],
      source: "https://docs.aws.amazon.com/securityhub/latest/userguide/sqs-controls.html#sqs-1",
    },
  ]);
});

test("a finding about one part of a rule has the page about that part", () => {
  const stage = stackOf({ "aws_api_gateway_stage.api": { xray_tracing_enabled: true } });
  expect(evaluate([stage], { exceptions: [], today: TODAY }).findings).toMatchObject([
    { source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html" },
  ]);
});

test("a finding that a setting corrects is corrected in the environments", () => {
  const database = { storage_type: "gp3", allocated_storage: 20, iops: 3_000 };
  const { findings } = evaluate([stackOf({ "aws_db_instance.d": database })], {
    exceptions: [],
    today: TODAY,
  });
  expect(findings.filter(({ rule }) => rule === "database-storage-accepts-iops")).toMatchObject([
    { files: ["stacks/environments.ts"] },
  ]);
});
