import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as NodeGraph } from "@grafana/grafana-foundation-sdk/nodegraph";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";

/**
 * A query of Grafana's X-Ray plugin, for which the SDK has no type. Source: github.com/grafana/x-ray-datasource,
 * src/types.ts
 */
interface XrayQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  readonly queryType: "getServiceMap" | "getTraceSummaries" | "getTimeSeriesServiceStatistics";
  readonly query: string;
  readonly region: string;
  readonly group?: { readonly GroupName: string; readonly GroupARN: string };
  /** Columns; `all` for all. */
  readonly columns?: readonly string[];
}

/** X-Ray's default group, which the plugin needs for the map. */
const DEFAULT_GROUP = { GroupName: "Default", GroupARN: "default" };

/** Panels of the service map, errors, and traces of a group and of videos. */
export function tracePanels(traces: DataSourceRef, group: string): Builder<Panel>[] {
  const query = (more: Pick<XrayQuery, "queryType"> & Partial<XrayQuery>): Builder<Dataquery> => {
    const all = { refId: "A", datasource: traces, query: "", region: "default", ...more };
    const built: XrayQuery = { ...all, _implementsDataqueryVariant: () => undefined };
    return { build: () => built };
  };
  const named = `group.name = "${group}"`;
  return [
    new NodeGraph()
      .id(1)
      .title("Service map")
      .gridPos({ x: 0, y: 0, w: 24, h: 12 })
      .datasource(traces)
      .withTarget(query({ queryType: "getServiceMap", group: DEFAULT_GROUP })),
    ...(["ErrorStatistics.TotalCount", "FaultStatistics.TotalCount", "TotalCount"] as const).map(
      (column, index) =>
        new TimeSeries()
          .id(2 + index)
          .title(["Error rate", "Failed requests", "Requests traced"][index] ?? column)
          .gridPos({ x: index * 8, y: 12, w: 8, h: 7 })
          .datasource(traces)
          .min(0)
          .unit("short")
          .withTarget(query({ queryType: "getTimeSeriesServiceStatistics", columns: [column] })),
    ),
    new Table()
      .id(5)
      .title("Failed or slow requests")
      .gridPos({ x: 0, y: 19, w: 12, h: 10 })
      .datasource(traces)
      .withTarget(query({ queryType: "getTraceSummaries", query: named })),
    new Table()
      .id(6)
      .title("Processed videos")
      .gridPos({ x: 12, y: 19, w: 12, h: 10 })
      .datasource(traces)
      .withTarget(query({ queryType: "getTraceSummaries", query: 'service("streamflow-processor")' })),
  ];
}
