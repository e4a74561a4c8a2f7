import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { description, type Responsible } from "./alarm-definition";
import { query } from "./metric-alarms";
import { BURN_SEVERITY, BURN_RATES, type Objective } from "./slo";

export interface SloAlarmsProps extends Responsible {
  readonly topicArn: string;
  readonly objectives: readonly Objective[];
}

/**
 * Composite alarms that fire when an error budget burns too fast in a long window and still does in a short one. Each
 * window is an alarm without actions.
 */
export class SloAlarms extends Construct {
  readonly arns: string[] = [];

  constructor(scope: Construct, id: string, props: SloAlarmsProps) {
    super(scope, id);
    for (const objective of props.objectives) {
      for (const speed of ["fast", "slow"] as const) this.burn(objective, speed, props);
    }
  }

  private burn(objective: Objective, speed: keyof typeof BURN_RATES, props: SloAlarmsProps): void {
    const { rate, long, short, spent } = BURN_RATES[speed];
    const id = `${objective.name}-${speed}`;
    const runbook = `slo-${id}`;
    // Percent of bad events in the window: burn rate times error budget.
    const threshold = Number((rate * (100 - objective.percent)).toFixed(4));
    const badIfEnoughEvents = `IF(${objective.events} >= ${objective.minimum}, ${objective.bad}, 0)`;
    const windows = [
      this.window(`${id}-long`, objective, { period: long, threshold, expression: badIfEnoughEvents }),
      this.window(`${id}-short`, objective, { period: short, threshold, expression: objective.bad }),
    ];
    const meaning = `SLO of ${objective.target}: burning ${spent}`;
    const first = "Check the other active alarms";
    const alarm = new CloudwatchCompositeAlarm(this, id, {
      alarmName: physicalName(this, "alarm", id),
      alarmDescription: description({ severity: BURN_SEVERITY, meaning, first }, runbook, props),
      alarmRule: windows.map(({ alarmName }) => `ALARM(${alarmName})`).join(" AND "),
      alarmActions: [props.topicArn],
      okActions: [props.topicArn],
      tags: { Severity: BURN_SEVERITY },
    });
    this.arns.push(alarm.arn);
  }

  private window(
    name: string,
    { metrics }: Objective,
    { period, threshold, expression }: { period: number; threshold: number; expression: string },
  ): CloudwatchMetricAlarm {
    const queries = Object.entries(metrics).map(([id, metric]) => query(id, metric, period));
    const used = queries.filter(({ id }) => new RegExp(`\\b${id}\\b`).test(expression));
    return new CloudwatchMetricAlarm(this, name, {
      alarmName: physicalName(this, "alarm", name),
      alarmDescription: "One window of a burn rate alarm; has no actions",
      metricQuery: [{ id: "bad", expression, label: "Bad events (%)", returnData: true }, ...used],
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold,
      treatMissingData: "notBreaching",
    });
  }
}
