import { Construct } from "constructs";
import { Alarms, type AlarmSettings } from "./alarms";
import { alarmsOf } from "./alarm-list";
import { Dashboard } from "./dashboard";
import { Grafana, type GrafanaSettings } from "./grafana";
import { type Measured, metricsOf } from "./metrics";
import { Tracing, type TracingSettings } from "./tracing";

export interface WatchSettings {
  readonly tracing: TracingSettings;
  readonly alarms: AlarmSettings | { readonly off: string };
  readonly grafana?: GrafanaSettings;
}

export interface WatchProps extends WatchSettings {
  readonly account: string;
  readonly region: string;
  readonly measured: Measured;
}

/** How an environment is seen: a dashboard, alarms, traces, and Grafana over all of them. */
export class Watch extends Construct {
  /** Topic of the alarms; undefined where there are none. */
  readonly topicArn: string | undefined;

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { account, region } = props;
    const metrics = metricsOf(props.measured);
    new Dashboard(this, "dashboard", { region, metrics });
    new Tracing(this, "tracing", props.tracing);
    if (!("off" in props.alarms)) {
      const alarms = alarmsOf(metrics);
      this.topicArn = new Alarms(this, "alarms", { ...props.alarms, account, region, alarms }).topicArn;
    }
    if (props.grafana !== undefined) new Grafana(this, "grafana", props.grafana);
  }
}
