import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateAliasCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { watchDeployment, type Watched } from "../../../cli/delivery/watch";
import { nextSecond } from "../../support/next-second";
import { createFunction, zipOf } from "./functions";
import { startLambda, type TestLambda } from "./lambda-service";

let started: TestLambda;
let cloudwatch: CloudWatchClient;
let lambda: LambdaClient;
beforeAll(async () => {
  started = await startLambda();
  cloudwatch = new CloudWatchClient(started.aws);
  lambda = new LambdaClient(started.aws);
  for (const AlarmName of ["streamflow-prod-errors", "other-errors"]) {
    const metric = { Namespace: "n", MetricName: "m", Statistic: "Sum" as const, Period: 60 };
    const rule = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" as const };
    await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName, ...metric, ...rule }));
  }
});
afterAll(() => started.stop());

const state = (AlarmName: string, StateValue: "ALARM" | "OK") =>
  cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: "test" }));

/** Time of an alarm's last state change, by the service's clock, which may be a millisecond ahead. */
async function began(alarm: string): Promise<number> {
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarm] }));
  return MetricAlarms?.[0]?.StateUpdatedTimestamp?.getTime() ?? NaN;
}

/** Creates a function with two versions, whose alias is at the second. */
async function release(functionName: string): Promise<void> {
  await createFunction(started.aws, functionName, "exports.handler = async () => 1;");
  await lambda.send(new PublishVersionCommand({ FunctionName: functionName }));
  const ZipFile = zipOf("exports.handler = async () => 2;");
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: functionName, ZipFile }));
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: functionName }));
  await lambda.send(
    new CreateAliasCommand({ FunctionName: functionName, Name: "live", FunctionVersion: Version }),
  );
}

const versionOf = async (FunctionName: string) =>
  (await lambda.send(new GetAliasCommand({ FunctionName, Name: "live" }))).FunctionVersion;

const watch = (functionName: string, since: Date): Promise<Watched> =>
  watchDeployment({
    cloudwatch,
    lambda,
    since,
    alarms: ["streamflow-prod-errors"],
    aliases: [{ functionName, name: "live" }],
    during: 400,
    every: 100,
  });

test("rolls the alias back to the previous version when an alarm of the environment fires", async () => {
  await state("streamflow-prod-errors", "OK");
  const since = new Date(Date.now() - 1_000);
  await release("answering");
  expect(await watch("answering", since)).toEqual({ alarms: [], rolledBack: [] });
  expect(await versionOf("answering")).toBe("2");
  await state("streamflow-prod-errors", "ALARM");
  expect(await watch("answering", since)).toEqual({
    alarms: ["streamflow-prod-errors"],
    rolledBack: ["answering:live from 2 to 1"],
  });
  expect(await versionOf("answering")).toBe("1");
});

test("does not roll back a version of another deployment, and ignores an alarm that was already in ALARM", async () => {
  await release("older");
  await nextSecond();
  await state("streamflow-prod-errors", "OK");
  await state("streamflow-prod-errors", "ALARM");
  const after = new Date((await began("streamflow-prod-errors")) + 1);
  expect(await watch("older", after)).toEqual({ alarms: [], rolledBack: [] });
  await state("streamflow-prod-errors", "OK");
  await state("streamflow-prod-errors", "ALARM");
  expect(await watch("older", after)).toEqual({ alarms: ["streamflow-prod-errors"], rolledBack: [] });
  expect(await versionOf("older")).toBe("2");
});

test("ignores an alarm that the deployment made and that fires because nothing was measured yet", async () => {
  const since = new Date(Date.now() - 1_000);
  const AlarmName = "streamflow-prod-new";
  const alarm = { Namespace: "n", MetricName: "new", Statistic: "Sum", Period: 60, Threshold: 1 } as const;
  const rule = { EvaluationPeriods: 3, ComparisonOperator: "LessThanThreshold" } as const;
  await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName, ...alarm, ...rule }));
  const fires = async (recentDatapoints: readonly number[]) => {
    const StateReasonData = JSON.stringify({ version: "1.0", recentDatapoints });
    const ringing = { AlarmName, StateValue: "ALARM" as const, StateReason: "test", StateReasonData };
    await cloudwatch.send(new SetAlarmStateCommand({ ...ringing, StateValue: "OK" }));
    await cloudwatch.send(new SetAlarmStateCommand(ringing));
    const options = { cloudwatch, lambda, since, alarms: [AlarmName], aliases: [], during: 100, every: 100 };
    return (await watchDeployment(options)).alarms;
  };
  expect(await fires([])).toEqual([]);
  expect(await fires([0, 0, 0])).toEqual([AlarmName]);
});

test("ignores alarms that are not configured", async () => {
  await state("streamflow-prod-errors", "OK");
  const since = new Date(Date.now() - 1_000);
  await state("other-errors", "ALARM");
  expect(await watch("answering", since)).toMatchObject({ alarms: [] });
});
