import type { Dashboard, Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import { type DashboardBody, linesOf, type Widget } from "../shown";
import { escaped, graphSvg } from "./graph";
import type { Tile } from "./page";
import { madeUp } from "./series";

/** CloudWatch's dashboard as tiles. */
export function cloudwatchTiles({ widgets }: DashboardBody): Tile[] {
  return widgets.map((widget) => {
    const { x, y, width: w, height: h } = widget;
    return { x, y, w, h, content: (width, height) => widgetHtml(widget, width, height) };
  });
}

function widgetHtml({ type, properties }: Widget, width: number, height: number): string {
  const { title = "", markdown = "", alarms = [], yAxis, annotations } = properties;
  if (type === "text") {
    const [head = "", ...about] = markdown.split("\n");
    return `<h2>${escaped(head.replace(/^#+ /, ""))}</h2><p>${escaped(about.join(" "))}</p>`;
  }
  if (type === "alarm") {
    const names = alarms.map((arn) => `<span class="alarm">${escaped(nameOf(arn))}</span>`);
    return `<div class="box"><b>${escaped(title)}</b><div class="alarms">${names.join("")}</div></div>`;
  }
  const limits = annotations?.horizontal ?? [];
  const unit = yAxis?.left?.label ?? "";
  return graphSvg({
    title,
    unit,
    limits,
    width,
    height,
    rightUnit: yAxis?.right?.label,
    lines: linesOf(properties)
      .filter(({ visible }) => visible !== false)
      .map(({ label = "", yAxis: axis }) => ({
        label,
        values: madeUp(title + label, axis === "right" ? "" : unit, limits[0]?.value),
        right: axis === "right",
      })),
  });
}

/** `…:alarm:streamflow-prod-watch-alarms-api-errors`, or the address of an alarm. */
const nameOf = (arn: string): string =>
  arn.replace(/^.*watch.(edge.)?(alarms.)?(.*?)(\.arn)?$/, "$3").replaceAll("_", "-");

/** A dashboard of Grafana's as tiles. */
export function grafanaTiles({ panels = [] }: Dashboard): Tile[] {
  return panels.flatMap((panel) => {
    const { gridPos } = panel;
    if (gridPos === undefined || gridPos === null) return [];
    const { x, y, w, h } = gridPos;
    return [{ x, y, w, h, content: (width: number, height: number) => panelHtml(panel, width, height) }];
  });
}

const UNITS: Readonly<Record<string, string>> = {
  bytes: "Bytes",
  ms: "Milliseconds",
  percent: "Percent",
  s: "Seconds",
};

function panelHtml(panel: Panel | RowPanel, width: number, height: number): string {
  const title = panel.title ?? "";
  if (panel.type === "row") return `<h2>▾ ${escaped(title)}</h2>`;
  if (panel.type === "nodeGraph") return sketch(title, "a map of services, drawn by X-Ray's data");
  if (panel.type === "table") return sketch(title, "a table of traces: id, time, duration, status, URL");
  const { targets = [], fieldConfig } = panel as Panel;
  const defaults = fieldConfig?.defaults;
  const custom = defaults?.custom as { axisLabel?: string } | undefined;
  const unit = UNITS[defaults?.unit ?? ""] ?? (custom?.axisLabel || "Requests");
  const steps = defaults?.thresholds?.steps ?? [];
  const limits = steps.flatMap(({ value }) => (value === null ? [] : [{ label: "", value }]));
  const right = new Set(
    (fieldConfig?.overrides ?? [])
      .filter(({ properties }) => properties.some(({ value }) => value === "right"))
      .map(({ matcher }) => matcher.options as string),
  );
  const rightUnit = (fieldConfig?.overrides ?? [])
    .flatMap(({ properties }) => properties)
    .find(({ id }) => id === "custom.axisLabel")?.value as string | undefined;
  return graphSvg({
    title,
    unit,
    limits,
    width,
    height,
    rightUnit,
    lines: (targets as { label?: string; hide?: boolean; columns?: string[] }[])
      .filter(({ hide }) => hide !== true)
      .map(({ label, columns = [] }) => label ?? columns.join())
      .map((label) => ({
        label,
        values: madeUp(title + label, right.has(label) ? "" : unit, limits[0]?.value),
        right: right.has(label),
      })),
  });
}

const sketch = (title: string, what: string): string =>
  `<div class="box"><b>${escaped(title)}</b><p>${escaped(what)}</p></div>`;
