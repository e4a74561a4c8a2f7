import {
  type Dashboard,
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { DashboardBody, Widget } from "./dashboard-body";
import { panelOf } from "./panels";
import { dataSourcesOf, reference } from "./data-sources";
import { tracePanels } from "./traces";

export interface DashboardsOf {
  readonly environment: string;
  readonly region: string;
  /** Body of the environment's dashboard in CloudWatch, from which Grafana's are made. */
  readonly body: DashboardBody;
  /** Name of its X-Ray group of failed and slow requests. */
  readonly group: string;
}

/** Grafana's dashboards of an environment: its metrics, section by section as in CloudWatch, and its traces. */
export function dashboardsOf({ environment, region, body, group }: DashboardsOf): Dashboard[] {
  const { metrics, traces } = dataSourcesOf({ environment, region });
  const overview = beginDashboard({ environment, region }, { kind: "overview", title: "Overview" });
  // What is above a widget in CloudWatch and not in Grafana: headers are thinner here, and there is no list of alarms.
  let saved = 0;
  [...body.widgets].sort(inOrder).forEach((widget, index) => {
    const id = index + 1;
    const { x, width: w, height: h, properties } = widget;
    const at = { x, w, y: widget.y - saved };
    if (widget.type === "alarm") saved += h;
    if (widget.type === "text") {
      overview.withRow(new RowBuilder(titleOf(widget)).id(id).gridPos({ ...at, h: 1 }));
      saved += h - 1;
    }
    if (widget.type === "metric") {
      overview.withPanel(panelOf(properties, { id, gridPos: { ...at, h }, metrics: reference(metrics) }));
    }
  });
  const paths = beginDashboard({ environment, region }, { kind: "traces", title: "Traces" });
  tracePanels(reference(traces), group).forEach((panel) => paths.withPanel(panel));
  return [overview.build(), paths.build()];
}

function beginDashboard(
  { environment, region }: Pick<DashboardsOf, "environment" | "region">,
  { kind, title }: { readonly kind: string; readonly title: string },
): DashboardBuilder {
  const console = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:`;
  const alarms = new DashboardLinkBuilder("Alarms")
    .type(DashboardLinkType.Link)
    .icon("external link")
    .url(console)
    .targetBlank(true);
  return new DashboardBuilder(`StreamFlow ${environment}: ${title}`)
    .uid(`streamflow-${environment}-${kind}`)
    .description("Made by npm run grafana: changes here are overwritten")
    .tags(["streamflow", environment])
    .readonly()
    .timezone("browser")
    .time({ from: "now-12h", to: "now" })
    .refresh("1m")
    .link(alarms);
}

const inOrder = (a: Widget, b: Widget): number => a.y - b.y || a.x - b.x;

function titleOf({ properties: { markdown = "" } }: Widget): string {
  return /^##\s*(.*)/.exec(markdown)?.[1] ?? markdown;
}
