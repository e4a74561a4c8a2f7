import { DATABASE_CLASSES } from "../../../../packages/aws-sizes/database";
import { maxConnections } from "../../../../stacks/constructs/data/database-size";
import {
  type Attributes,
  decoded,
  settingsOf,
  type Synthesized,
  synthEnvironment,
} from "../../../support/synth";

const prod = synthEnvironment("prod");
const staging = synthEnvironment("staging");
const dev = synthEnvironment("dev");

/** Alarms that notify people, also when they end; the autoscaler is notified at the start only. */
function alarmsForPeople(stack: Synthesized): Attributes[] {
  const all = [...stack.of("aws_cloudwatch_metric_alarm"), ...stack.of("aws_cloudwatch_composite_alarm")];
  return all.filter(({ ok_actions: actions }) => actions !== undefined);
}

/** Those alarms by runbook. */
function notifyingAlarms(stack: Synthesized) {
  return new Map(
    alarmsForPeople(stack).map(
      (alarm) => [/runbooks\/([\w-]+)\.md$/.exec(String(alarm.alarm_description))?.[1] ?? "", alarm] as const,
    ),
  );
}

const PROMISES = ["availability", "latency", "ready"].flatMap((name) => [
  `slo-${name}-fast`,
  `slo-${name}-slow`,
]);

test("each environment has the alarms that its settings ask for, each with its own runbook", () => {
  const [inProd, inStaging] = [notifyingAlarms(prod), notifyingAlarms(staging)];
  expect(inProd.size).toBe(alarmsForPeople(prod).length);
  // A single node has no replica that can lag, and without a service level there are no burn rate alarms.
  for (const name of ["cache-replica-lag", ...PROMISES]) {
    expect([name, inProd.has(name), inStaging.has(name)]).toEqual([name, true, false]);
  }
  expect([...inStaging.keys()].filter((name) => !inProd.has(name))).toEqual([]);
  expect(inStaging.size).toBeGreaterThan(15);
  expect(notifyingAlarms(dev).size).toBe(0);
});

test("a cache without users has no alarm about what it refuses its users", () => {
  const without = synthEnvironment("prod", {
    cache: { ...settingsOf("prod").cache, authentication: { off: "a test" } },
  });
  expect(notifyingAlarms(prod).has("cache-refusals")).toBe(true);
  expect(notifyingAlarms(without).has("cache-refusals")).toBe(false);
});

test("an alarm on more than the ten metrics that CloudWatch allows becomes several with one runbook", () => {
  const { cache } = settingsOf("prod");
  const alarms = synthEnvironment("prod", { cache: { ...cache, replicas: 2 } }).of(
    "aws_cloudwatch_metric_alarm",
  );
  const metricsOf = ({ metric_query: queries = [] }: Attributes) =>
    (queries as Attributes[]).filter(({ metric }) => metric !== undefined);
  for (const alarm of alarms) expect(metricsOf(alarm).length).toBeLessThanOrEqual(10);
  const parts = alarms.filter(({ alarm_description: text }) => String(text).endsWith("cache-refusals.md"));
  expect(parts).toHaveLength(2);
  // Four kinds of refusal on each of three nodes, each in one part.
  const read = parts.flatMap(metricsOf).map(({ metric }) => JSON.stringify(metric));
  expect(new Set(read).size).toBe(12);
});

test("an alarm's description has severity, meaning, first step, owner and runbook", () => {
  const alarm = notifyingAlarms(prod).get("queue-age");
  expect(alarm?.alarm_description).toBe(
    "Page: Oldest upload waiting for more than 15 minutes, during 10 minutes. " +
      "First: Check whether a processor runs. Owner: platform. Runbook: " +
      "https://github.com/streamflow/infrastructure/blob/main/docs/runbooks/queue-age.md",
  );
  expect(alarm?.tags).toEqual({ Severity: "page" });
  for (const { alarm_description: text } of notifyingAlarms(prod).values())
    expect(String(text).length).toBeLessThan(1_024);
});

test("thresholds follow the sizes of the monitored resources", () => {
  const thresholds = (stack: Synthesized) =>
    ["database-connections", "database-storage", "queue-depth", "media-duration", "firewall-blocked"].map(
      (name) => notifyingAlarms(stack).get(name)?.threshold as unknown,
    );
  expect(thresholds(prod)).toEqual([630, 5 * 1024 ** 3, 30, 23_200, 2_000]);
  expect(thresholds(staging)).toEqual([157, 1024 ** 3, 30, 23_200, 2_000]);
});

test.each([
  ["db.t4g.micro", 112],
  ["db.m7g.large", 901],
  ["db.r7g.large", 1_802],
  ["db.r8g.24xlarge", 5_000],
])("%s allows %d connections", (instanceClass, connections) => {
  expect(maxConnections(instanceClass)).toBe(connections);
});

test("the memory of every allowed instance class is known", () => {
  expect(DATABASE_CLASSES.length).toBeGreaterThan(100);
  for (const name of DATABASE_CLASSES) expect(maxConnections(name)).toBeGreaterThan(0);
});

test("an SLO alarm fires at burn rate 14.4 over 1 hour and 5 minutes, or 6 over 6 hours and 30 minutes", () => {
  const window = (name: string) => {
    const alarm = prod.at(`aws_cloudwatch_metric_alarm.watch_slo_${name}`);
    const queries = alarm.metric_query as {
      metric?: { period: number; stat: string };
      expression?: string;
    }[];
    return {
      threshold: alarm.threshold,
      periods: new Set(queries.flatMap(({ metric }) => metric?.period ?? [])),
    };
  };
  expect(window("availability_fast_long")).toEqual({ threshold: 1.44, periods: new Set([3_600]) });
  expect(window("availability_fast_short")).toEqual({ threshold: 1.44, periods: new Set([300]) });
  expect(window("latency_slow_long")).toEqual({ threshold: 6, periods: new Set([21_600]) });
  expect(window("ready_slow_short")).toEqual({ threshold: 30, periods: new Set([1_800]) });
  expect(prod.at("aws_cloudwatch_composite_alarm.watch_slo_ready_fast").alarm_rule).toBe(
    "ALARM(${aws_cloudwatch_metric_alarm.watch_slo_ready_fast_long.alarm_name}) AND " +
      "ALARM(${aws_cloudwatch_metric_alarm.watch_slo_ready_fast_short.alarm_name})",
  );
});

test("no alarm evaluates more than a day, CloudWatch's maximum for short periods", () => {
  for (const { period, metric_query: queries, evaluation_periods: periods } of prod.of(
    "aws_cloudwatch_metric_alarm",
  )) {
    const seconds = (queries as { metric?: { period: number } }[] | undefined)?.flatMap(
      ({ metric }) => metric?.period ?? [],
    );
    expect(Number(seconds?.[0] ?? period) * Number(periods)).toBeLessThanOrEqual(86_400);
  }
});

test("in another region the edge's alarms are in us-east-1 and notify a topic there", () => {
  const stack = synthEnvironment("prod", {
    region: "eu-west-1",
    dns: { kind: "route53", hostedZoneId: "Z0123456789" },
  });
  const alarms = Object.entries(
    stack.json.resource.aws_cloudwatch_metric_alarm as Record<string, Attributes>,
  );
  const there = alarms.filter(([, { provider }]) => provider === "aws.us_east_1");
  expect(there.map(([name]) => name).sort()).toEqual([
    "watch_edge_alarms_certificate_expiry",
    "watch_edge_alarms_edge_blocked",
    "watch_edge_alarms_edge_errors",
  ]);
  for (const [, { alarm_actions: actions }] of there)
    expect(actions).toEqual(["${aws_sns_topic.watch_edge_topic.arn}"]);
  expect(stack.at("aws_sns_topic.watch_edge_topic").provider).toBe("aws.us_east_1");
  expect(stack.at("aws_sns_topic_subscription.watch_edge_topic_to_on_call_streamflow_com").provider).toBe(
    "aws.us_east_1",
  );
  // In us-east-1, one topic is enough.
  expect(prod.of("aws_sns_topic")).toHaveLength(1);
});

test("a pager receives pages only, filtered by the prefix of their descriptions", () => {
  const alarms = { owner: "platform", emails: ["a@b.co"], pagers: ["https://pager.example/integration/1"] };
  const stack = synthEnvironment("staging", { alarms });
  const pager = stack.at("aws_sns_topic_subscription.watch_topic_to_pager_example");
  expect(pager).toMatchObject({
    protocol: "https",
    filter_policy_scope: "MessageBody",
    endpoint_auto_confirms: true,
  });
  expect(decoded(pager.filter_policy as string)).toEqual({ AlarmDescription: [{ prefix: "Page: " }] });
  expect(notifyingAlarms(stack).get("queue-age")?.alarm_description).toMatch(/^Page: /);
  expect(notifyingAlarms(stack).get("queue-depth")?.alarm_description).toMatch(/^Ticket: /);
});

test("a budget notifies at 80 % spent and at a forecast above 100 %", () => {
  expect(prod.at("aws_budgets_budget.watch_budget")).toMatchObject({
    limit_amount: "1500",
    time_unit: "MONTHLY",
    notification: [
      {
        notification_type: "ACTUAL",
        threshold: 80,
        subscriber_sns_topic_arns: ["${aws_sns_topic.watch_topic.arn}"],
      },
      { notification_type: "FORECASTED", threshold: 100 },
    ],
  });
  expect(dev.at("aws_budgets_budget.watch_budget").notification).toMatchObject([
    { subscriber_email_addresses: ["platform@streamflow.com"] },
    { subscriber_email_addresses: ["platform@streamflow.com"] },
  ]);
  const none = synthEnvironment("dev", { budget: { off: "somebody else pays" } });
  expect(none.of("aws_budgets_budget")).toEqual([]);
});

test("every log group has the retention of the settings", () => {
  const { retentionDays } = settingsOf("prod").logs;
  const groups = prod.of("aws_cloudwatch_log_group");
  expect(groups.length).toBeGreaterThan(5);
  for (const group of groups) expect(group.retention_in_days).toBe(retentionDays);
});
