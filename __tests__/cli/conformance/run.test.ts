import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingsForTrial } from "../../../cli/conformance/environment";
import {
  compareReports,
  type ConformanceReport,
  describeReport,
  readReport,
} from "../../../cli/conformance/report";
import { refuseCost, refuseLeftovers, refuseUsedAccount, targetOf } from "../../../cli/conformance/run";
import { environments } from "../../../stacks/environments";
import type { EnvironmentSettings } from "../../../stacks/settings";
import { settingsOf } from "../../support/synth";

const folder = mkdtempSync(join(tmpdir(), "streamflow-conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

const REGION = { region: "us-east-1" };

test.each([
  ["neither", undefined, undefined],
  ["both", "http://127.0.0.1:4566", "sandbox"],
])("%s of an endpoint and a profile is refused", (_what, endpoint, profile) => {
  expect(() => targetOf({ endpoint, profile }, REGION)).toThrow(
    "pass either --endpoint URL or --profile NAME",
  );
});

test("an endpoint gets credentials that are none of this machine's", () => {
  const { env } = targetOf({ endpoint: "http://127.0.0.1:4566", profile: undefined }, REGION);
  expect(env).toMatchObject({ AWS_ENDPOINT_URL: "http://127.0.0.1:4566", AWS_CONFIG_FILE: "/dev/null" });
});

test("an account of an environment is refused, and only with a profile", () => {
  const [{ account, name } = { account: "", name: "" }] = environments;
  expect(() => refuseUsedAccount(account, "work")).toThrow(`account ${account}, which ${name} of`);
  expect(() => refuseUsedAccount(account, undefined)).not.toThrow();
  expect(() => refuseUsedAccount("999999999999", "sandbox")).not.toThrow();
});

test("a trial that costs more than is allowed is refused", () => {
  expect(() => refuseCost(25.3, 10)).toThrow(
    "--max-usd-per-day must be at least 26 for this environment, got 10",
  );
  expect(() => refuseCost(9.9, 10)).not.toThrow();
});

test("the state of an earlier trial that left something is not deleted", () => {
  const stack = join(folder, "left/stacks/app");
  mkdirSync(stack, { recursive: true });
  const resource = { mode: "managed", type: "aws_sqs_queue", name: "q", instances: [{ attributes: {} }] };
  const state = { version: 4, serial: 1, lineage: "l", terraform_version: "1.11.4", outputs: {} };
  const file = join(stack, "terraform.tfstate");
  writeFileSync(file, JSON.stringify({ ...state, resources: [resource] }));
  expect(() => refuseLeftovers(join(folder, "left"))).toThrow("an earlier trial left 1 resources");
  writeFileSync(file, JSON.stringify({ ...state, resources: [] }));
  expect(() => refuseLeftovers(join(folder, "left"))).not.toThrow();
  expect(() => refuseLeftovers(join(folder, "never"))).not.toThrow();
});

test("a trial deletes what it makes, and writes to nobody", () => {
  const prod: EnvironmentSettings = {
    ...settingsOf("prod"),
    dns: { kind: "route53", hostedZoneId: "Z0123456789" },
    app: { ...settingsOf("prod").app, domain: "console.streamflow.com" },
  };
  const trial = settingsForTrial(prod, "999999999999");
  expect(trial).toMatchObject({ name: "conform", account: "999999999999", protect: false });
  expect(JSON.stringify(trial)).not.toMatch(/@streamflow\.com|Z0123456789|console\.streamflow/);
});

const report = (...resources: ConformanceReport["resources"]): ConformanceReport => ({
  target: "profile sandbox",
  date: "2026-11-29T00:00:00Z",
  resources,
});
const queue = {
  address: "app aws_sqs_queue.q",
  outcome: "applied",
  differences: [],
  leftBehind: false,
} as const;

test("what was left behind is named", () => {
  expect(describeReport(report({ ...queue, leftBehind: true }))).toEqual([
    expect.stringContaining(
      "1 of 1 resources applied, 0 refused, 0 not attempted, 0 change again, 1 left behind",
    ),
    "  app aws_sqs_queue.q: applied, left behind",
  ]);
});

test("reports are compared by their results, not by their reasons", () => {
  const refused = { ...queue, outcome: "refused" } as const;
  const one = report({ ...refused, reason: "AccessDenied" });
  expect(compareReports(one, report({ ...refused, reason: "501" }))).toEqual([]);
  expect(compareReports(one, report(queue))).toEqual([
    "app aws_sqs_queue.q: refused by profile sandbox, applied by profile sandbox",
  ]);
});

test("a file that is no report is refused", () => {
  const file = join(folder, "other.json");
  writeFileSync(file, "{}");
  expect(() => readReport(file)).toThrow(`${file} is not a report of npm run conformance`);
  expect(() => readReport(join(folder, "none.json"))).toThrow("can't be read");
});
