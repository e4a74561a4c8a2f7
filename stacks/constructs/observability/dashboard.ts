import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { type AlarmDefinition, metricsOfAlarm } from "./alarm-definition";
import type { Graph, Section } from "./dashboard-sections";
import type { Metric } from "./metrics";
import { optional } from "../../lib/optional";

export interface DashboardProps {
  readonly region: string;
  readonly sections: readonly Section[];
  /** Alarms whose thresholds are drawn into the graphs of their metrics. */
  readonly alarms: readonly AlarmDefinition[];
  /** ARNs of the alarms whose state is shown on top. */
  readonly alarmArns: readonly string[];
}

interface Widget {
  readonly type: "text" | "metric" | "alarm";
  readonly width: number;
  readonly height: number;
  readonly properties: object;
}

/** The dashboard is 24 columns wide. */
const GRID_COLUMNS = 24;
const GRAPH_HEIGHT = 6;
/** Narrower graphs can't be read. */
const MAX_GRAPHS_PER_ROW = 4;

/** A CloudWatch dashboard: alarm states on top, then a section per part of the system. */
export class Dashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const rows = [
      ...status(props.alarmArns),
      ...props.sections.flatMap((section) => [[header(section)], ...graphs(section, props)]),
    ];
    this.name = new CloudwatchDashboard(this, "Default", {
      dashboardName: physicalName(this, "dashboard"),
      dashboardBody: Fn.jsonencode({ start: "-PT12H", periodOverride: "inherit", widgets: placed(rows) }),
    }).dashboardName;
  }
}

/** Widgets with their grid positions, each row below the previous one. */
function placed(rows: readonly (readonly Widget[])[]): object[] {
  let y = 0;
  return rows.flatMap((row) => {
    const at = y;
    y += Math.max(...row.map(({ height }) => height));
    let x = 0;
    return row.map((widget) => {
      const one = { ...widget, x, y: at };
      x += widget.width;
      return one;
    });
  });
}

function status(alarms: readonly string[]): Widget[][] {
  if (alarms.length === 0) return [];
  const properties = { title: "Alarms", alarms: [...alarms] };
  // About eight alarms per row.
  return [[{ type: "alarm", width: GRID_COLUMNS, height: 1 + Math.ceil(alarms.length / 8), properties }]];
}

function header({ title, about }: Section): Widget {
  const properties = { markdown: `## ${title}\n${about}`, background: "transparent" };
  return { type: "text", width: GRID_COLUMNS, height: 2, properties };
}

/** Rows of graphs, of nearly equal length. */
function graphs({ graphs: all }: Section, props: DashboardProps): Widget[][] {
  const rows = Math.ceil(all.length / MAX_GRAPHS_PER_ROW);
  const each = Math.ceil(all.length / rows);
  return Array.from({ length: rows }, (_, row) => all.slice(row * each, (row + 1) * each)).map((members) =>
    members.map((graph) => ({
      type: "metric",
      width: Math.floor(GRID_COLUMNS / Math.max(members.length, 2)),
      height: GRAPH_HEIGHT,
      properties: graphProperties(graph, props),
    })),
  );
}

function graphProperties(graph: Graph, { region, alarms }: DashboardProps): object {
  const { title, left, right: rightMetrics = [], unit, rightUnit, period = 60, math, lines = [] } = graph;
  const thresholds = alarms
    .filter(
      (alarm) => (alarm.period ?? 60) === period && metricsOfAlarm(alarm).some((one) => left.includes(one)),
    )
    // A threshold of 0 is the axis itself.
    .filter(({ threshold }) => threshold > 0)
    .map(({ threshold }) => ({ label: "alarm", value: threshold, color: "#d62728" }));
  const horizontal = [...lines, ...thresholds];
  const right = rightUnit === undefined ? undefined : { min: 0, label: rightUnit, showUnits: false };
  return {
    title,
    region: left.find((metric) => metric.region !== undefined)?.region ?? region,
    view: "timeSeries",
    stacked: false,
    period,
    yAxis: {
      left: { min: 0, label: unit, showUnits: false },
      ...optional({ right }),
    },
    ...optional({ annotations: horizontal.length === 0 ? undefined : { horizontal } }),
    metrics: [
      ...Object.entries(math?.shown ?? {}).map(([label, expression], index) => [
        { expression, label, id: `e${index + 1}` },
      ]),
      ...left.map((metric, index) =>
        line(metric, math === undefined ? {} : { id: math.names[index], visible: false }),
      ),
      ...rightMetrics.map((metric) => line(metric, { yAxis: "right" })),
    ],
  };
}

function line({ namespace, name, dimensions, statistic, label }: Metric, more: object): unknown[] {
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat: statistic, label, ...more }];
}
