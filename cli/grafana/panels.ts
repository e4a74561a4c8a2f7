import {
  CloudWatchMetricsQueryBuilder,
  CloudWatchQueryMode,
  MetricEditorMode,
  MetricQueryType,
} from "@grafana/grafana-foundation-sdk/cloudwatch";
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  VizLegendOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type DataSourceRef,
  type GridPos,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { type Line, linesOf, type WidgetProperties } from "./dashboard-body";

/** Grafana's units by axis label; other labels are counts. */
const UNITS: Readonly<Record<string, string>> = {
  Bytes: "bytes",
  Milliseconds: "ms",
  Percent: "percent",
  Seconds: "s",
};
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const RED = "red";

export interface Place {
  readonly id: number;
  readonly gridPos: GridPos;
  readonly metrics: DataSourceRef;
}

/** A CloudWatch graph as a Grafana panel. */
export function panelOf(properties: WidgetProperties, { id, gridPos, metrics }: Place): PanelBuilder {
  const { title = "", region = "default", period = 60, yAxis, annotations } = properties;
  const lines = linesOf(properties);
  const panel = new PanelBuilder()
    .id(id)
    .title(title)
    .gridPos(gridPos)
    .datasource(metrics)
    .unit(unitOf(yAxis?.left?.label))
    .axisLabel(axisOf(yAxis?.left?.label))
    .min(0)
    .fillOpacity(10)
    .spanNulls(period > 60)
    .legend(legend());
  lines.forEach((line, index) => panel.withTarget(query(line, { index, region, period, metrics })));
  for (const { label = "" } of lines.filter((line) => line.yAxis === "right")) {
    panel.overrideByName(label, [
      { id: "custom.axisPlacement", value: "right" },
      { id: "custom.axisLabel", value: axisOf(yAxis?.right?.label) },
      { id: "unit", value: unitOf(yAxis?.right?.label) },
    ]);
  }
  const limits = [...new Set((annotations?.horizontal ?? []).map(({ value }) => value))].sort(
    (a, b) => a - b,
  );
  if (limits.length > 0) {
    panel
      .thresholds(
        new ThresholdsConfigBuilder()
          .mode(ThresholdsMode.Absolute)
          .steps([{ value: null, color: "transparent" }, ...limits.map((value) => ({ value, color: RED }))]),
      )
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return panel;
}

interface Asked {
  readonly index: number;
  readonly region: string;
  readonly period: number;
  readonly metrics: DataSourceRef;
}

function query(line: Line, { index, region, period, metrics }: Asked): CloudWatchMetricsQueryBuilder {
  const { id = `q${index + 1}`, label = "", namespace = "", name = "", expression } = line;
  const asked = new CloudWatchMetricsQueryBuilder()
    .queryMode(CloudWatchQueryMode.Metrics)
    .metricQueryType(MetricQueryType.Search)
    .datasource(metrics)
    .refId(LETTERS[index] ?? `Q${index}`)
    .id(id)
    .label(label)
    .region(region)
    .period(String(period))
    .hide(line.visible === false);
  if (expression !== undefined) {
    return asked.metricEditorMode(MetricEditorMode.Code).expression(expression).namespace("");
  }
  return asked
    .metricEditorMode(MetricEditorMode.Builder)
    .expression("")
    .namespace(namespace)
    .metricName(name)
    .dimensions(line.dimensions)
    .matchExact(true)
    .statistic(line.stat ?? "Average");
}

const unitOf = (label = ""): string => UNITS[label] ?? "short";
/** Axis label; none for units, which Grafana shows at each number. */
const axisOf = (label = ""): string => (label in UNITS ? "" : label);

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([]);
}
