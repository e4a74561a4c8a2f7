import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic";
import { alarmsOf, edgeAlarmsOf, type AlarmThresholds } from "./alarm-definitions";
import { MetricAlarms } from "./metric-alarms";
import { Budget } from "./budget";
import { Dashboard } from "./dashboard";
import { sectionsOf } from "./dashboard-sections";
import { Grafana } from "./grafana";
import { EDGE_REGION, type MonitoredResources, metricsOf } from "./metrics";
import { objectivesOf } from "./slo";
import { SloAlarms } from "./slo-alarms";
import { Tracing } from "./tracing";
import type {
  AlarmSettings,
  BudgetSettings,
  GrafanaSettings,
  SloSettings,
  TracingSettings,
} from "./settings";

export interface MonitoringSettings {
  readonly tracing: TracingSettings;
  readonly alarms: AlarmSettings | { readonly off: string };
  readonly slo: SloSettings | { readonly off: string };
  readonly budget: BudgetSettings | { readonly off: string };
  readonly grafana?: GrafanaSettings | undefined;
}

export interface MonitoringProps extends MonitoringSettings {
  readonly thresholds: AlarmThresholds;
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  /** Provider of us-east-1, where edge metrics are. */
  readonly usEast1: TerraformProvider;
  readonly resources: MonitoredResources;
}

/** Monitoring of an environment: dashboard, alarms, budget, traces, Grafana. */
export class Monitoring extends Construct {
  /** Topic of the alarms; undefined if alarms are off. */
  readonly topicArn: string | undefined;
  readonly dashboardName: string;
  readonly grafana: Grafana | undefined;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const metrics = metricsOf(props.resources);
    const objectives = "off" in props.slo ? [] : objectivesOf(metrics, props.slo);
    const here = alarmsOf(metrics, props.thresholds);
    const edge = edgeAlarmsOf(metrics, props.thresholds);
    const alarmArns: string[] = [];
    if (!("off" in props.alarms)) {
      const topic = new AlarmTopic(this, "topic", {
        ...props.alarms,
        account: props.account,
        region: props.region,
      });
      const target = { topicArn: topic.arn, owner: props.alarms.owner, repository: props.repository };
      this.topicArn = topic.arn;
      alarmArns.push(
        ...new SloAlarms(this, "slo", { ...target, objectives }).arns,
        ...new MetricAlarms(this, "alarms", { ...target, alarms: here }).arns,
        ...new MetricAlarms(this, "edge-alarms", {
          ...target,
          ...this.edgeTopic(props.alarms, props),
          alarms: edge,
        }).arns,
      );
    }
    this.dashboardName = new Dashboard(this, "dashboard", {
      region: props.region,
      sections: sectionsOf(metrics, objectives),
      alarms: alarmArns.length === 0 ? [] : [...Object.values(here), ...Object.values(edge)],
      alarmArns,
    }).name;
    new Tracing(this, "tracing", props.tracing);
    if (!("off" in props.budget)) new Budget(this, "budget", { ...props.budget, topicArn: this.topicArn });
    this.grafana = props.grafana === undefined ? undefined : new Grafana(this, "grafana", props.grafana);
  }

  /** Topic of the edge's alarms in us-east-1; alarms can only notify topics of their own region. */
  private edgeTopic(
    alarms: AlarmSettings,
    { region, account, usEast1: provider }: Pick<MonitoringProps, "region" | "account" | "usEast1">,
  ) {
    if (region === EDGE_REGION) return {};
    const topic = new AlarmTopic(this, "edge-topic", { ...alarms, account, region: EDGE_REGION, provider });
    return { topicArn: topic.arn, provider };
  }
}
