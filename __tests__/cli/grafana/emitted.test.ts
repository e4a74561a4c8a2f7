import { expectNoFaults } from "../../support/faults";
import { EMITTED } from "../../support/metrics/emitted";
import { emittersOf, metricFault } from "../../support/metrics/emitters";
import {
  askedByAlarms,
  dashboardBody,
  type Shown,
  shownByDashboard,
} from "../../../cli/grafana/dashboard-body";
import type { EnvironmentSettings } from "../../../stacks/settings";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { settingsOf, synthEnvironment } from "../../support/synth";
import { testEnvironments } from "../../support/test-environments";

const everything: Partial<EnvironmentSettings> = { dns: { kind: "route53", hostedZoneId: "Z0123456789" } };
const elsewhere: Partial<EnvironmentSettings> = { region: "eu-west-1" };

function watchedIn(name: string, change: Partial<EnvironmentSettings> = {}) {
  const stack = new Stack(name, synthEnvironment(name, change).json);
  const region = change.region ?? settingsOf(name).region;
  const shown = [...shownByDashboard(dashboardBody(stack)), ...askedByAlarms(stack)];
  const emitters = emittersOf(stack, region);
  const faults = shown.flatMap((metric) => {
    const fault = metricFault(emitters, metric);
    return fault === undefined ? [] : [`${metric.at}: ${fault}`];
  });
  return { stack, shown, emitters, faults };
}

test.each([
  ...testEnvironments.map(({ name }) => [name, {}] as const),
  ["prod", everything] as const,
  ["prod", elsewhere] as const,
])("every metric that %s shows or is woken by exists (%j)", (name, change) => {
  const { shown, faults } = watchedIn(name, change);
  expect(shown.length).toBeGreaterThan(30);
  expectNoFaults(faults);
});

test("a domain brings alarms of both certificates", () => {
  const { shown } = watchedIn("prod", everything);
  const certificates = shown.filter(({ name }) => name === "DaysToExpiry");
  expect(certificates.map(({ at }) => at)).toEqual([
    "alarm watch_alarms_certificate_expiry",
    "alarm watch_edge_alarms_certificate_expiry",
  ]);
});

const { emitters, shown } = watchedIn("prod");
const real = shown.find(({ name }) => name === "ApproximateAgeOfOldestMessage") as Shown;

test.each([
  ["a namespace that is not", { namespace: "AWS/SQSS" }, "no namespace"],
  ["a metric that is not", { name: "OldestMessageAge" }, "has no metric"],
  ["dimensions that nobody keeps", { dimensions: { ...real.dimensions, Region: "x" } }, "by no dimensions"],
  ["a queue that is not", { dimensions: { QueueName: "streamflow-prod-media" } }, "nothing that is deployed"],
])("fails on %s", (_, planted, fault) => {
  expect(metricFault(emitters, real)).toBeUndefined();
  expect(metricFault(emitters, { ...real, ...planted })).toContain(fault);
});

test("every namespace links its documentation, and is shown", () => {
  const used = new Set(watchedIn("prod", everything).shown.map(({ namespace }) => namespace));
  for (const [namespace, { source }] of Object.entries(EMITTED)) {
    expect(source).toMatch(/^(https:\/\/docs\.aws\.amazon\.com\/|handlers\/)/);
    expect([...used]).toContain(namespace);
  }
});
