import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { type AlarmDefinition, description, type Responsible, metricsOfAlarm } from "./alarm-definition";
import type { Metric } from "./metrics";
import { optional } from "../../lib/optional";

export interface MetricAlarmsProps extends Responsible {
  /** Where they are, if that is not the stack's region. */
  readonly provider?: TerraformProvider;
  /** Told when an alarm begins to ring, and when it ends. */
  readonly topicArn: string;
  /** By the name of their runbook. */
  readonly alarms: Readonly<Record<string, AlarmDefinition>>;
}

/** Metric alarms of one region. */
export class MetricAlarms extends Construct {
  /** For a dashboard. */
  readonly arns: string[] = [];

  constructor(scope: Construct, id: string, props: MetricAlarmsProps) {
    super(scope, id);
    const told = { alarmActions: [props.topicArn], okActions: [props.topicArn] };
    for (const [name, alarm] of Object.entries(props.alarms)) {
      const made = new CloudwatchMetricAlarm(this, name, {
        ...optional({ provider: props.provider }),
        alarmName: physicalName(this, "alarm", name),
        alarmDescription: description(alarm, name, props),
        ...metricOrMath(alarm),
        evaluationPeriods: alarm.periods,
        datapointsToAlarm: alarm.periods,
        comparisonOperator: alarm.when === "below" ? "LessThanThreshold" : "GreaterThanThreshold",
        threshold: alarm.threshold,
        // No requests are no errors.
        treatMissingData: "notBreaching",
        ...told,
        tags: { Severity: alarm.severity },
      });
      this.arns.push(made.arn);
    }
  }
}

/** The metric, or what metric math makes of several. */
function metricOrMath(alarm: AlarmDefinition): Partial<CloudwatchMetricAlarmConfig> {
  const { period = 60, when, onlyWhile } = alarm;
  const metrics = metricsOfAlarm(alarm);
  const [only] = metrics;
  if (only !== undefined && onlyWhile !== undefined) {
    const queries = [query("value", only, period), query("while", onlyWhile, period)];
    const expression = "IF(while > 0, value, 0)";
    return { metricQuery: [{ id: "counted", expression, label: only.label, returnData: true }, ...queries] };
  }
  if (metrics.length > 1 || only === undefined) {
    const queries = metrics.map((one, index) => query(`m${index + 1}`, one, period));
    const worst = when === "below" ? "MIN" : "MAX";
    const expression = `${worst}([${queries.map(({ id }) => id).join(", ")}])`;
    return { metricQuery: [{ id: "worst", expression, label: "Worst", returnData: true }, ...queries] };
  }
  const statistic = /^p\d/.test(only.statistic)
    ? { extendedStatistic: only.statistic }
    : { statistic: only.statistic };
  return {
    namespace: only.namespace,
    metricName: only.name,
    dimensions: { ...only.dimensions },
    ...statistic,
    period,
  };
}

/** A metric as metric math takes it. */
export function query(id: string, metric: Metric, period: number) {
  return {
    id,
    returnData: false,
    label: metric.label,
    metric: {
      namespace: metric.namespace,
      metricName: metric.name,
      dimensions: { ...metric.dimensions },
      stat: metric.statistic,
      period,
    },
  };
}
