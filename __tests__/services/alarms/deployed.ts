import type { PutCompositeAlarmCommandInput, PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { Value } from "../../../packages/terraform/value";
import type { Stack } from "../../../packages/terraform/synthesized-stack";
import { plain } from "../../../cli/grafana/resolve-references";

/** A stack's alarms as sent to CloudWatch, each with the topic that it notifies. */
export interface Deployed {
  readonly metric: readonly PutMetricAlarmCommandInput[];
  readonly composite: readonly PutCompositeAlarmCommandInput[];
}

export function alarmsIn(stack: Stack, topic: string): Deployed {
  const all = (type: string) => stack.attributesOf(type).map(([, alarm]) => new Value(plain(stack, alarm)));
  const told = (alarm: Value) => {
    const actions = (at: string) => alarm.at(at).list.map(() => topic);
    return { AlarmActions: actions("alarm_actions"), OKActions: actions("ok_actions") };
  };
  return {
    metric: all("aws_cloudwatch_metric_alarm").map((alarm) => ({
      AlarmName: alarm.at("alarm_name").text,
      ...asked(alarm),
      EvaluationPeriods: alarm.at("evaluation_periods").number,
      DatapointsToAlarm: alarm.at(
        alarm.at("datapoints_to_alarm").exists ? "datapoints_to_alarm" : "evaluation_periods",
      ).number,
      Threshold: alarm.at("threshold").number,
      ComparisonOperator: alarm.at("comparison_operator").raw as "GreaterThanThreshold",
      TreatMissingData: alarm.at("treat_missing_data").text,
      ...told(alarm),
    })),
    composite: all("aws_cloudwatch_composite_alarm").map((alarm) => ({
      AlarmName: alarm.at("alarm_name").text,
      AlarmRule: alarm.at("alarm_rule").text,
      ...told(alarm),
    })),
  };
}

function asked(alarm: Value): Partial<PutMetricAlarmCommandInput> {
  const queries = alarm.at("metric_query").list;
  if (queries.length === 0) {
    const [Statistic, ExtendedStatistic] = [alarm.at("statistic").text, alarm.at("extended_statistic").text];
    return {
      ...metric(alarm),
      Period: alarm.at("period").number,
      ...(Statistic === "" ? { ExtendedStatistic } : { Statistic: Statistic as "Sum" }),
    };
  }
  return {
    Metrics: queries.map((query) => {
      const of = query.at("metric");
      const ReturnData = query.at("return_data").isTrue;
      if (!of.exists) return { Id: query.at("id").text, Expression: query.at("expression").text, ReturnData };
      const MetricStat = { Metric: metric(of), Period: of.at("period").number, Stat: of.at("stat").text };
      return { Id: query.at("id").text, MetricStat, ReturnData };
    }),
  };
}

function metric(of: Value) {
  const dimensions = (of.at("dimensions").raw ?? {}) as Record<string, string>;
  return {
    Namespace: of.at("namespace").text,
    MetricName: of.at("metric_name").text,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}
