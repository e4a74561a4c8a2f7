import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  type MetricDatum,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { evaluateAlarms } from "../../../packages/embedded-aws/alarms/evaluator";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";
import { letsSend } from "../../../harness/queue-policy";
import { EMITTED } from "../../support/metrics/emitted";
import { emittersOf, metricFault } from "../../support/metrics/emitters";
import { synthEnvironment } from "../../support/synth";
import { alarmsIn, type Deployed } from "./deployed";

/** With a domain, so that the stack has certificates. */
const stack = new Stack(
  "prod",
  synthEnvironment("prod", { dns: { kind: "route53", hostedZoneId: "Z0123456789" } }).json,
);
const emitters = emittersOf(stack, "us-east-1");
const DAY = 86_400_000;

let folder: string;
let emulator: Emulator;
let cloudwatch: CloudWatchClient;
let sns: SNSClient;
let sqs: SQSClient;
let topic: string;
let queue: string;
let deployed: Deployed;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alarms-"));
  emulator = await startEmulator({ accountId: "333333333333", log: join(folder, "emulator.log") });
  const aws = clientConfig(emulator.endpoint, "us-east-1");
  // moto does not decompress requests.
  cloudwatch = new CloudWatchClient({ ...aws, disableRequestCompression: true });
  [sns, sqs] = [new SNSClient(aws), new SQSClient(aws)];
  ({ TopicArn: topic = "" } = await sns.send(new CreateTopicCommand({ Name: "told" })));
  const Policy = letsSend("sns.amazonaws.com");
  ({ QueueUrl: queue = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: "told", Attributes: { Policy } }),
  ));
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ["QueueArn"] }),
  );
  await sns.send(
    new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint: Attributes.QueueArn ?? "" }),
  );
  deployed = alarmsIn(stack, topic);
});
afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

/** Values for each minute or period that must trigger an alarm, and values that must not. */
type Weather = "bad" | "good";

/** Values of the metrics in a metric math expression. */
const BEHIND: Readonly<Record<string, Readonly<Record<Weather, number>>>> = {
  Count: { bad: 50_000, good: 50_000 },
  "5XXError": { bad: 25_000, good: 5 },
  Latency: { bad: 9_000, good: 90 },
  TimeToReady: { bad: 7_200_000, good: 60_000 },
};

/** Data of every metric that an alarm uses and a deployed resource emits; otherwise none. */
function dataOf(alarm: PutMetricAlarmCommandInput, weather: Weather, end: number): [string, MetricDatum[]][] {
  const { Threshold: threshold = NaN, EvaluationPeriods: periods = 0, ComparisonOperator = "" } = alarm;
  const worst = ComparisonOperator.startsWith("Less")
    ? threshold / 2
    : threshold + Math.max(1, threshold / 10);
  const fine = ComparisonOperator.startsWith("Less") ? threshold * 2 : threshold / 2;
  const asked = alarm.Metrics?.flatMap(({ MetricStat }) => MetricStat ?? []) ?? [
    { Metric: alarm, Period: alarm.Period },
  ];
  return asked.flatMap(({ Metric = {}, Period = 60 }) => {
    const { Namespace: namespace = "", MetricName: name = "", Dimensions = [] } = Metric;
    const dimensions = Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value]));
    const missing = metricFault(emitters, { at: "", statistic: "", namespace, name, dimensions });
    if (missing !== undefined) return [];
    const greatest = EMITTED[namespace]?.metrics[name] ?? NaN;
    const behind = alarm.Metrics?.some(({ Expression }) => Expression?.startsWith("MAX"))
      ? undefined
      : BEHIND[name];
    const value = Math.min(
      greatest,
      alarm.Metrics && behind ? behind[weather] : weather === "bad" ? worst : fine,
    );
    const samples = name === "TimeToReady" ? 12 : 1;
    const data = Array.from({ length: periods }, (_, index) => ({
      MetricName: name,
      Dimensions,
      Timestamp: new Date(end - index * Period * 1_000 - 30_000),
      Values: [value],
      Counts: [samples],
    }));
    return [[namespace, data] as [string, MetricDatum[]]];
  });
}

/** Notifications of the topic since the last call. */
async function told(): Promise<{ NewStateValue: string; AlarmName: string }[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
  );
  if (Messages.length === 0) return [];
  const Entries = Messages.map(({ ReceiptHandle }) => ({ Id: randomUUID(), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
  return Messages.map(({ Body = "" }) => JSON.parse((JSON.parse(Body) as { Message: string }).Message));
}

/** Alarms of the same metrics, evaluated on days that no other alarm uses. */
async function ring(
  alarms: readonly PutMetricAlarmCommandInput[],
  day: number,
  whole?: Deployed["composite"][0],
) {
  for (const alarm of alarms) await cloudwatch.send(new PutMetricAlarmCommand(alarm));
  if (whole !== undefined) await cloudwatch.send(new PutCompositeAlarmCommand(whole));
  const seen: Record<string, string[]> = {};
  for (const [weather, at] of [
    ["bad", day],
    ["good", day + DAY],
  ] as const) {
    for (const alarm of alarms) {
      for (const [Namespace, MetricData] of dataOf(alarm, weather, at)) {
        await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
      }
    }
    for (const { name, to } of await evaluateAlarms({ cloudwatch, sns }, new Date(at))) {
      (seen[name] ??= []).push(to);
    }
  }
  const AlarmNames = [...alarms, ...(whole === undefined ? [] : [whole])].map(
    ({ AlarmName = "" }) => AlarmName,
  );
  await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames }));
  return { seen, told: (await told()).map(({ AlarmName, NewStateValue }) => [AlarmName, NewStateValue]) };
}

/** Past days that no alarm has used yet; no window is longer than a day. */
let days = 0;
const nextDay = (): number => Math.floor(Date.now() / DAY) * DAY - 3 * DAY * ++days;

const partsOf = ({ AlarmRule = "" }: { AlarmRule?: string | undefined }) =>
  deployed.metric.filter(({ AlarmName = "" }) => AlarmRule.includes(`(${AlarmName})`));

test("every alarm fires when its metric breaches, recovers when it does not, and notifies of both", async () => {
  const alone = deployed.metric.filter(
    (alarm) => !deployed.composite.some((whole) => partsOf(whole).includes(alarm)),
  );
  const rang: (string | undefined)[] = [];
  for (const alarm of alone) {
    const { AlarmName = "", OKActions = [] } = alarm;
    const outcome = await ring([alarm], nextDay());
    // The autoscaler is notified when an alarm starts, not when it ends.
    const end = OKActions.length === 0 ? [] : [[AlarmName, "OK"]];
    expect(OKActions.length > 0).toBe(!AlarmName.endsWith("-rush"));
    expect(outcome).toEqual({
      seen: { [AlarmName]: ["ALARM", "OK"] },
      told: [[AlarmName, "ALARM"], ...end],
    });
    rang.push(AlarmName);
  }
  for (const whole of deployed.composite) {
    const parts = partsOf(whole);
    const { AlarmName = "" } = whole;
    const outcome = await ring(parts, nextDay(), whole);
    const all = [...parts.map((part) => part.AlarmName ?? ""), AlarmName];
    expect(outcome).toEqual({
      seen: Object.fromEntries(all.map((name) => [name, ["ALARM", "OK"]])),
      told: [
        [AlarmName, "ALARM"],
        [AlarmName, "OK"],
      ],
    });
    rang.push(...all);
  }
  // No alarm is missing.
  expect(rang.toSorted()).toEqual(
    [...deployed.metric, ...deployed.composite].map(({ AlarmName }) => AlarmName).toSorted(),
  );
  expect(rang.length).toBeGreaterThan(35);
});

const planted = (name: string, change: Partial<PutMetricAlarmCommandInput>): PutMetricAlarmCommandInput => {
  const found = deployed.metric.find(({ AlarmName = "" }) => AlarmName.endsWith(name));
  if (found === undefined) throw new Error(`no alarm is called ${name}`);
  return { ...found, ...change };
};

test.each([
  [
    "a dimension that nobody reports",
    "dead-letters",
    { Dimensions: [{ Name: "QueueName", Value: "media" }] },
  ],
  ["a threshold that nothing can reach", "database-cpu", { Threshold: 101 }],
  ["a statistic that has another name", "api-errors", { MetricName: "5xxError" }],
])("an alarm with %s never fires", async (_, name, change) => {
  expect((await ring([planted(name, change)], nextDay())).seen).toEqual({});
});

test("an alarm that also fires without data does so one period after its evaluation periods, because the last values may be late", async () => {
  const alarms = deployed.metric.filter(({ TreatMissingData }) => TreatMissingData === "breaching");
  expect(alarms.map(({ AlarmName = "" }) => AlarmName)).toEqual([
    expect.stringContaining("processor-absent"),
    expect.stringContaining("synthetic-check"),
  ]);
  for (const alarm of alarms) {
    await cloudwatch.send(new PutMetricAlarmCommand(alarm));
    const last = nextDay();
    for (const [Namespace, MetricData] of dataOf(alarm, "good", last)) {
      await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
    }
    const { AlarmName: name = "", EvaluationPeriods: periods = 0, Metrics = [] } = alarm;
    const seconds = Metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period ?? 0;
    const after = (missing: number) =>
      evaluateAlarms({ cloudwatch, sns }, new Date(last + missing * seconds * 1_000));
    // The emulator's new alarms are OK.
    expect(await after(periods - 1)).toEqual([]);
    expect(await after(periods)).toEqual([{ name, from: "OK", to: "ALARM" }]);
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
    await told();
  }
});

test("one of an SLO's two windows alone does not page", async () => {
  const whole = deployed.composite.find(({ AlarmName = "" }) => AlarmName.endsWith("slo-availability-fast"));
  const [long, short] = whole === undefined ? [] : partsOf(whole);
  if (whole === undefined || long === undefined || short === undefined) throw new Error("no such promise");
  const deaf = { ...short, Threshold: 100 };
  const outcome = await ring([long, deaf], nextDay(), whole);
  expect(outcome).toEqual({ seen: { [long.AlarmName ?? ""]: ["ALARM", "OK"] }, told: [] });
});
