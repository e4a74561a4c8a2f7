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
  /** Provider of the alarms' region, if it differs from the stack's. */
  readonly provider?: TerraformProvider;
  /** Topic that is notified when an alarm fires and when it ends. */
  readonly topicArn: string;
  /** Alarms by id, which is also the name of their runbook. */
  readonly alarms: Readonly<Record<string, AlarmDefinition>>;
}

/** Metric alarms of one region. */
export class MetricAlarms extends Construct {
  readonly arns: string[] = [];

  constructor(scope: Construct, id: string, props: MetricAlarmsProps) {
    super(scope, id);
    const actions = { alarmActions: [props.topicArn], okActions: [props.topicArn] };
    const parts = Object.entries(props.alarms).flatMap(([runbook, alarm]) => withinLimit(runbook, alarm));
    for (const { id: name, runbook, alarm } of parts) {
      const resource = new CloudwatchMetricAlarm(this, name, {
        ...optional({ provider: props.provider }),
        alarmName: physicalName(this, "alarm", name),
        alarmDescription: description(alarm, runbook, props),
        ...metricOrMath(alarm),
        evaluationPeriods: periodsOf(alarm),
        datapointsToAlarm: periodsOf(alarm),
        comparisonOperator: alarm.when === "below" ? "LessThanThreshold" : "GreaterThanThreshold",
        threshold: alarm.threshold,
        // Without requests there are no datapoints and no errors. `FILL` returns nothing for a metric that never had data.
        treatMissingData: alarm.firesWithoutData === true ? "breaching" : "notBreaching",
        ...actions,
        tags: { Severity: alarm.severity },
      });
      this.arns.push(resource.arn);
    }
  }
}

/**
 * CloudWatch's maximum of metrics in an alarm.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
 */
const MAX_METRICS = 10;

interface AlarmPart {
  readonly id: string;
  readonly runbook: string;
  readonly alarm: AlarmDefinition;
}

/** An alarm, or several with the same runbook if it has more metrics than CloudWatch accepts. */
function withinLimit(runbook: string, alarm: AlarmDefinition): AlarmPart[] {
  const metrics = metricsOfAlarm(alarm);
  if (metrics.length <= MAX_METRICS) return [{ id: runbook, runbook, alarm }];
  return Array.from({ length: Math.ceil(metrics.length / MAX_METRICS) }, (_, index) => ({
    id: index === 0 ? runbook : `${runbook}-${index + 1}`,
    runbook,
    alarm: Object.assign({}, alarm, {
      metric: metrics.slice(index * MAX_METRICS, (index + 1) * MAX_METRICS),
    }),
  }));
}

/**
 * Periods that must all be beyond the threshold. An alarm with `FILL` has one more: a value of the last period that is only
 * late counts as missing, and the alarm would fire a period early.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function periodsOf({ periods, firesWithoutData }: AlarmDefinition): number {
  return firesWithoutData === true ? periods + 1 : periods;
}

/**
 * The metric of an alarm, or metric math over several metrics. An alarm that also fires without data fills in the missing
 * values: CloudWatch would use older ones instead, from before the alarm's periods, and fire several periods late.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function metricOrMath(alarm: AlarmDefinition): Partial<CloudwatchMetricAlarmConfig> {
  const { period = 60, when, onlyWhile, threshold } = alarm;
  const metrics = metricsOfAlarm(alarm);
  const [only] = metrics;
  if (only !== undefined && onlyWhile !== undefined) {
    const queries = [query("value", only, period), query("while", onlyWhile, period)];
    const expression = "IF(while > 0, value, 0)";
    return { metricQuery: [{ id: "counted", expression, label: only.label, returnData: true }, ...queries] };
  }
  if (only !== undefined && alarm.firesWithoutData === true) {
    const expression = `FILL(value, ${when === "below" ? threshold - 1 : threshold + 1})`;
    return {
      metricQuery: [
        { id: "filled", expression, label: only.label, returnData: true },
        query("value", only, period),
      ],
    };
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

/** A metric as a query of metric math; `period` in seconds. */
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
