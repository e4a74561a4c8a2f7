import { idleCost, total } from "../../../cli/docs/cost";
import { HOURS_PER_MONTH, PRICES, USAGE_PRICES } from "../../../cli/docs/prices";
import { settingsPage } from "../../../cli/docs/settings";
import { settingComments } from "../../../cli/docs/settings-comments";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { pullRequestEnvironment } from "../../../stacks/pull-request-environment";
import { expectNoFaults } from "../../support/faults";
import { settingsOf, synthSettings } from "../../support/synth";

const monthly = (hourly: number | undefined): number => (hourly ?? NaN) * HOURS_PER_MONTH;
/** Price of the last tier, beyond what is free. */
const beyond = (tiers: readonly (readonly [number, number])[]): number => tiers.at(-1)?.[1] ?? NaN;
const MILLION = 1_000_000;

/** Amounts in the `@cost` of each setting, in US dollars and in their order. */
const COSTS: Readonly<Record<string, readonly number[]>> = {
  pullRequests: [pullRequestMonth()],
  "pullRequests.most": [pullRequestMonth()],
  "state.audit": [1],
  encryption: [PRICES.key, PRICES.key, 0.03],
  "state.audit.dataEvents": [0.1],
  "logs.retentionDays": [0.03],
  "network.nat": [monthly(PRICES.natGatewayHour + PRICES.publicAddressHour), beyond(USAGE_PRICES.natTraffic)],
  "network.endpoints": [monthly(PRICES.interfaceEndpointHour)],
  "network.flowLogs": [beyond(USAGE_PRICES.logs)],
  "database.instanceClass": [
    monthly(PRICES.databaseHour["db.t4g.micro"]),
    monthly(PRICES.databaseHour["db.m7g.large"]),
  ],
  "database.storageGiB": [PRICES.databaseStorage],
  "database.monitoringIntervalSeconds": [beyond(USAGE_PRICES.logs)],
  "cache.nodeType": [
    monthly(PRICES.cacheHour["cache.t4g.micro"]),
    monthly(PRICES.cacheHour["cache.m7g.large"]),
  ],
  "media.memory": [beyond(USAGE_PRICES.functionArm)],
  "processor.cpu": [monthly(PRICES.fargate.ARM64.processorHour)],
  "processor.memory": [monthly(PRICES.fargate.ARM64.memoryHour)],
  "processor.diskGiB": [monthly(PRICES.fargateDiskHour)],
  "processor.containerInsights": [1],
  "firewall.managedGroups": [PRICES.webAclRule],
  "firewall.edge": [PRICES.webAcl, PRICES.webAclRule, beyond(USAGE_PRICES.webAclRequest) * MILLION],
  "edge.invalidateDeleted": [
    PRICES.invalidation,
    // A check every 10 minutes, beyond the free ones.
    ((HOURS_PER_MONTH * 60) / 10 - 1_000) * PRICES.invalidation,
  ],
  "state.reviewTask": [PRICES.secret],
  "tracing.samplingRate": [beyond(USAGE_PRICES.trace) * MILLION],
  grafana: [PRICES.grafanaEditor],
  syntheticCheck: [checkMonth()],
  "backup.dailyDays": [beyond(USAGE_PRICES.backup)],
  "backup.streams": [beyond(USAGE_PRICES.backup)],
  "backup.copyTo": [beyond(USAGE_PRICES.backupTransfer), PRICES.key],
};

const AMOUNT = /\$(\d[\d ,.]*\d|\d)/g;

function amountsOf(text: string): number[] {
  return [...text.matchAll(AMOUNT)].map(([, amount = ""]) => Number(amount.replace(/[ ,]/g, "")));
}

/** Whether a rounded amount in a text is the price. */
const isAbout = (amount: number, price: number): boolean => Math.abs(amount - price) <= price * 0.05;

/** Dollars that the environment of a pull request costs in a month without use. */
function pullRequestMonth(): number {
  const settings = pullRequestEnvironment(settingsOf("dev"), 1);
  return total(idleCost(new Stack("streamflow-pr-1", synthSettings(settings).json)));
}

/** Dollars that a synthetic check every 10 minutes adds to a month, with its alarm. */
function checkMonth(): number {
  const settings = { ...settingsOf("prod"), syntheticCheck: { everyMinutes: 10, readyWithinMinutes: 5 } };
  const items = idleCost(new Stack("streamflow-prod", synthSettings(settings).json));
  return total(items.filter(({ what }) => what.includes("synthetic check"))) + PRICES.alarm;
}

function costFaults(costs: typeof COSTS): string[] {
  const written = [...settingComments()].flatMap(([path, { tags }]) => {
    const amounts = amountsOf(tags?.get("cost") ?? "");
    return amounts.length === 0 ? [] : [{ path, amounts }];
  });
  return written.flatMap(({ path, amounts }) => {
    const prices = costs[path] ?? [];
    const isRight =
      amounts.length === prices.length && amounts.every((amount, at) => isAbout(amount, prices[at] ?? NaN));
    return isRight
      ? []
      : [`the @cost of ${path} has ${amounts.join(", ")}; prices.ts has ${prices.join(", ")}`];
  });
}

test("each cost of a setting is a price of prices.ts", () => {
  expectNoFaults(costFaults(COSTS));
  expect(costFaults({ ...COSTS, grafana: [12] })).toEqual([
    expect.stringContaining("@cost of grafana has 9;"),
  ]);
});

test("the page states the rules between settings and between environments", () => {
  const page = settingsPage();
  expect(page).toContain("- `database.maxStorageGiB` is at least 10 % more than `database.storageGiB`.");
  expect(page).toContain("are outside 06:30-08:30 UTC.");
  expect(page).toContain("- Environments of one account have the same");
  const rules = page.split("\n").filter((line) => line.startsWith("- "));
  expect(rules.length).toBeGreaterThan(20);
  expect(new Set(rules).size).toBe(rules.length);
});
