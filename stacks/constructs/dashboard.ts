import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../names";
import type { Metric } from "./metrics";

export interface DashboardProps {
  readonly region: string;
  /** Groups of metrics, each a row of graphs. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, Metric>>>>;
}

/** The dashboard is 24 columns wide. */
const COLUMNS = 24;
const HEIGHT = 6;

/** One graph for each metric, a row for each group. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { region, metrics }: DashboardProps) {
    super(scope, id);
    const widgets = Object.entries(metrics).flatMap(([group, members], row) => {
      const all = Object.values(members);
      const width = Math.floor(COLUMNS / all.length);
      return all.map((metric, index) => ({
        type: "metric",
        x: index * width,
        y: row * HEIGHT,
        width,
        height: HEIGHT,
        properties: {
          title: `${group}: ${metric.label}`,
          region,
          view: "timeSeries",
          stat: metric.statistic,
          period: 60,
          metrics: [[metric.namespace, metric.name, ...Object.entries(metric.dimensions).flat()]],
        },
      }));
    });
    new CloudwatchDashboard(this, "Default", {
      dashboardName: physicalName(this, "dashboard"),
      dashboardBody: Fn.jsonencode({ widgets }),
    });
  }
}
