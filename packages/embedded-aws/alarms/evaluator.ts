import {
  type CloudWatchClient,
  type CompositeAlarm,
  type MetricAlarm,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { evaluate } from "./evaluate";
import { datapointsOf } from "./measured";
import { ruleHolds } from "./rule";

export interface Evaluator {
  readonly cloudwatch: CloudWatchClient;
  readonly sns: SNSClient;
}

/** A changed alarm state. */
export interface Change {
  readonly name: string;
  readonly from: StateValue;
  readonly to: StateValue;
}

/**
 * Evaluates all deployed alarms once, as CloudWatch does every minute: composite alarms after their children. It stores
 * new states and notifies topics of changes.
 */
export async function evaluateAlarms(to: Evaluator, now = new Date()): Promise<Change[]> {
  const metric: MetricAlarm[] = [];
  const composite: CompositeAlarm[] = [];
  for await (const page of paginateDescribeAlarms(
    { client: to.cloudwatch },
    { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
  )) {
    metric.push(...(page.MetricAlarms ?? []));
    composite.push(...(page.CompositeAlarms ?? []));
  }
  const states = new Map<string, StateValue>();
  const changes: Change[] = [];
  const settle = async (alarm: MetricAlarm | CompositeAlarm, state: StateValue): Promise<void> => {
    const { AlarmName: name = "", StateValue: from = "INSUFFICIENT_DATA" } = alarm;
    states.set(name, state);
    if (state === from) return;
    await tell(to, alarm, state);
    changes.push({ name, from, to: state });
  };
  for (const alarm of metric) {
    await settle(alarm, evaluate(alarm, await datapointsOf(to.cloudwatch, alarm, now)));
  }
  for (const alarm of composite) {
    await settle(alarm, ruleHolds(alarm.AlarmRule ?? "", states) ? "ALARM" : "OK");
  }
  return changes;
}

async function tell(
  { cloudwatch, sns }: Evaluator,
  alarm: MetricAlarm | CompositeAlarm,
  state: StateValue,
): Promise<void> {
  const { AlarmName, AlarmDescription, AlarmArn, StateValue: OldStateValue } = alarm;
  const StateReason = "evaluated on this machine";
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason }));
  if (alarm.ActionsEnabled === false) return;
  const actions = {
    ALARM: alarm.AlarmActions,
    OK: alarm.OKActions,
    INSUFFICIENT_DATA: alarm.InsufficientDataActions,
  };
  const notification = { AlarmName, AlarmDescription, AlarmArn, OldStateValue, NewStateValue: state };
  for (const TopicArn of actions[state] ?? []) {
    if (!TopicArn.startsWith("arn:aws:sns:"))
      throw new Error(`${AlarmName} notifies ${TopicArn}, which is not a topic`);
    const Message = JSON.stringify({ ...notification, NewStateReason: StateReason });
    await sns.send(
      new PublishCommand({ TopicArn, Subject: `${state}: ${AlarmName}`.slice(0, 100), Message }),
    );
  }
}
