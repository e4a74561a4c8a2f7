import { ACCEPTED_UNTIL, acceptedFindings } from "../../policies/accepted-findings";
import { type AcceptedFinding, acceptanceFindings } from "../../policies/scanners";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { SETTINGS } from "../../cli/docs/settings";
import { expectNoFaults } from "../support/faults";
import { synthEnvironment, synthFoundation } from "../support/synth";
import { testEnvironments } from "../support/test-environments";

const stacks = testEnvironments
  .flatMap(({ name }) => [synthEnvironment(name), synthFoundation(name)])
  .map(({ json }) => new Stack("committed", json));

const planted: AcceptedFinding = {
  requirement: "A queue has a name.",
  reason: "it is a planted entry",
  rules: { checkov: ["CKV_AWS_1"] },
  find: (stack) => stack.of("aws_sqs_queue"),
};
const queue = new Stack("planted", { resource: { aws_sqs_queue: { planted: {} } } });
const options = { expires: "2027-11-30", today: new Date("2027-11-30T23:59:59Z") };
const problemsOf = (changed: Partial<AcceptedFinding>, more: Partial<typeof options> = {}): string[] =>
  acceptanceFindings([planted, { ...planted, rules: {}, ...changed }], [queue], { ...options, ...more }).map(
    ({ finding }) => finding,
  );

test("the list of accepted findings has no problem", () => {
  expect(
    acceptanceFindings(acceptedFindings, stacks, { expires: ACCEPTED_UNTIL, today: new Date(0) }),
  ).toEqual([]);
});

test("some environment has each accepted finding, also those that a setting corrects", () => {
  const unused = acceptedFindings.filter(({ find }) => stacks.every((stack) => find(stack).length === 0));
  expectNoFaults(
    unused.map(
      ({ requirement }) => `remove from policies/accepted-findings.ts, no resource has it: ${requirement}`,
    ),
  );
});

test("an accepted finding names settings that exist", () => {
  const paths = SETTINGS.map(({ path }) => path);
  const named = acceptedFindings.flatMap(({ setting }) => setting?.split(", ") ?? []);
  const unknown = named.filter((path) => !paths.includes(path));
  expectNoFaults(unknown.map((path) => `policies/accepted-findings.ts: the schema has no ${path}`));
});

test("an entry that no resource needs is a finding, unless a setting corrects it", () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ find: () => [] })).toEqual(["every resource meets the requirement"]);
  expect(problemsOf({ find: () => [], setting: "queue.maxReceives" })).toEqual([]);
});

test("a rule that is listed twice, and an id that is not the scanner's, are findings", () => {
  expect(problemsOf({ rules: { checkov: ["CKV_AWS_1"] } })).toEqual(["the rule is listed twice"]);
  expect(problemsOf({ rules: { trivy: ["CKV_AWS_2"] } })).toEqual(["the id is none of trivy's"]);
});

test("after its last day the list is a finding", () => {
  expect(problemsOf({}, { today: new Date("2027-12-01T00:00:00Z") })).toEqual([
    "the list expired on 2027-11-30",
  ]);
});
