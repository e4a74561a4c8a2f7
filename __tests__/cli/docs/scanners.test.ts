import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scannerFiles, scannerPage } from "../../../cli/docs/scanners";
import { acceptedFindings } from "../../../policies/accepted-findings";
import { idsOf } from "../../../policies/scanners";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { expectNoFaults, staleFault } from "../../support/faults";

const project = join(__dirname, "../../..");
const files = scannerFiles(acceptedFindings);

test.each(Object.keys(files))("%s is what npm run docs would write", (file) => {
  const content = readFileSync(join(project, file), "utf8");
  const fault = staleFault({ file, content, command: "npm run docs" }, files[file] ?? "");
  expectNoFaults(fault === undefined ? [] : [fault]);
});

test("the folder has no other file", () => {
  const written = readdirSync(join(project, "policies/scanners")).map((name) => `policies/scanners/${name}`);
  expect(written.toSorted()).toEqual(Object.keys(files).toSorted());
});

test("each accepted rule is in the file of its scanner", () => {
  const all = Object.values(files).join("\n");
  const ids = acceptedFindings.flatMap(({ rules }) => idsOf(rules).map(({ id }) => id));
  expect(ids.length).toBeGreaterThan(80);
  expect(ids.filter((id) => !all.includes(id))).toEqual([]);
});

test("the page names the resources of each environment, and counts those beyond six", () => {
  const queues = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`queue_${index}`, {}]));
  const stack = new Stack("streamflow-dev", { resource: { aws_sqs_queue: queues } });
  const entry = {
    requirement: "A queue has a name.",
    reason: "it is planted",
    setting: "queue.maxReceives",
    rules: { trivy: ["AVD-AWS-0001"] },
    find: (one: Stack) => one.of("aws_sqs_queue"),
  };
  const page = scannerPage([entry], [stack, new Stack("streamflow-prod", {})]);
  expect(page).toContain("Accepted because it is planted.");
  expect(page).toContain("Settings: `queue.maxReceives`.");
  expect(page).toContain("- dev: `aws_sqs_queue.queue_0`,");
  expect(page).toContain("`aws_sqs_queue.queue_5` and 2 more");
  expect(page).not.toContain("- prod");
});
