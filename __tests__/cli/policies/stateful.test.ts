import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../../stacks/environments";
import { readStacks, Stack } from "../../../packages/terraform/synthesized-stack";
import { report } from "../../../cli/policies/report";
import { compare, manifestOf, STATEFUL } from "../../../cli/policies/stateful";
import { HELD } from "../../../packages/plan-review/losses";
import { expectNoFaults } from "../../support/faults";
import { readJson, synthEnvironment, synthTo } from "../../support/synth";

const bucket = (name: string, moved?: object) =>
  new Stack("app", {
    resource: {
      aws_s3_bucket: { [name]: { "//": { metadata: { path: `app/${name}/Default` } } } },
      aws_sns_topic: { topic: {} },
    },
    ...(moved === undefined ? {} : { moved: [moved] }),
  });
const listed = { app: ["aws_s3_bucket.uploads"] };

test("the manifest lists what holds data in every committed stack", () => {
  const outdir = mkdtempSync(join(tmpdir(), "streamflow-stateful-"));
  synthTo(outdir, environments);
  const stacks = readStacks(outdir);
  rmSync(outdir, { recursive: true });
  const manifest = readJson("docs/stateful-addresses.json") as Record<string, string[]>;
  const findings = compare(manifest, stacks);
  expectNoFaults(
    findings.map(({ stack, address, finding, remedy }) => `${stack}: ${address} ${finding}; ${remedy}`),
  );
  expect(manifestOf(stacks)).toEqual(manifest);
});

/** Types of stacks that hold data, by what the review of plans knows, and whose addresses nobody records. */
function unrecorded(stacks: readonly Stack[]): string[] {
  const types = new Set(stacks.flatMap(({ resources }) => resources.map(({ type }) => type)));
  return [...types]
    .filter((type) => type in HELD && !STATEFUL.includes(type) && !LOGS.includes(type))
    .map((type) => `${type} holds data: add it to STATEFUL in cli/policies/stateful.ts`);
}

/** What they hold may go: it is kept for a limited time anyway. */
const LOGS = ["aws_cloudwatch_log_group"];

test("the addresses of everything that holds data are recorded", () => {
  const stacks = [new Stack("prod", synthEnvironment("prod").json)];
  expectNoFaults(unrecorded(stacks));
  expect(unrecorded([new Stack("app", { resource: { aws_dynamodb_table: { orders: {} } } })])).toEqual([
    "aws_dynamodb_table holds data: add it to STATEFUL in cli/policies/stateful.ts",
  ]);
});

test("foundations are listed together, whatever their accounts are", () => {
  const of = (account: string, name: string) =>
    new Stack(`streamflow-foundation-${account}`, { resource: { aws_s3_bucket: { [name]: {} } } });
  const manifest = { "streamflow-foundation": ["aws_s3_bucket.state"] };
  const [one, other] = [of("111111111111", "state"), of("222222222222", "state")];
  expect(manifestOf([one, other])).toEqual(manifest);
  expect(compare(manifest, [one, other])).toEqual([]);
  expect(compare(manifest, [one, of("222222222222", "states")])).toMatchObject([
    { stack: "streamflow-foundation-222222222222", address: "aws_s3_bucket.state" },
    { stack: "streamflow-foundation-222222222222", address: "aws_s3_bucket.states" },
  ]);
});

test("lists what holds data alone, sorted", () => {
  expect(manifestOf([bucket("uploads")])).toEqual(listed);
  expect(compare(listed, [bucket("uploads")])).toEqual([]);
});

test("fails when an address is gone, with the line that moves it", () => {
  const [gone, ...others] = compare(listed, [bucket("ingest")]);
  expect(gone).toMatchObject({ address: "aws_s3_bucket.uploads", path: "app/ingest/Default" });
  expect(gone?.remedy).toContain('resource.moveFromId("aws_s3_bucket.uploads");');
  expect(gone?.remedy).toContain("npm run policies -- --accept");
  expect(others).toHaveLength(1);
});

test("lets an address go that a moved block takes up", () => {
  const stack = bucket("ingest", { from: "aws_s3_bucket.uploads", to: "aws_s3_bucket.ingest" });
  expect(compare(listed, [stack]).map(({ address }) => address)).toEqual(["aws_s3_bucket.ingest"]);
  expect(compare({ app: [...listed.app, "aws_s3_bucket.ingest"] }, [stack])).toEqual([]);
});

test("fails when a new address is not listed, with the command that lists it", () => {
  expect(compare({ app: [] }, [bucket("uploads")])).toMatchObject([
    { address: "aws_s3_bucket.uploads", remedy: "list it: npm run policies -- --accept" },
  ]);
});

test("fails when a whole stack is gone", () => {
  expect(compare(listed, [])).toMatchObject([{ stack: "app", address: "aws_s3_bucket.uploads" }]);
});

test("a report says stack, address, what, where and how to mend", () => {
  const lines = report(compare(listed, [bucket("ingest")]));
  expect(lines[0]).toBe("app");
  expect(lines).toContain("    where  app/ingest/Default");
  expect(lines.join("\n")).toContain('\n             resource.moveFromId("aws_s3_bucket.uploads");\n');
});
