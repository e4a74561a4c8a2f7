import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { DashboardBody } from "../shown";
import { page } from "./page";
import { cloudwatchTiles, grafanaTiles } from "./tiles";

/** A picture of a dashboard as a page that a browser shows. */
export interface Picture {
  readonly name: string;
  readonly html: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** CloudWatch's dashboard and Grafana's, each with made-up data: to see the layout, not the system. */
export function pictures(body: DashboardBody, dashboards: readonly Dashboard[]): Picture[] {
  return [
    { name: "cloudwatch", ...page("CloudWatch", cloudwatchTiles(body)) },
    ...dashboards.map((dashboard) => ({
      name: dashboard.uid ?? "dashboard",
      ...page(dashboard.title ?? "", grafanaTiles(dashboard)),
    })),
  ];
}

/** Writes the pictures as HTML; returns the files. */
export function drawDashboards(
  folder: string,
  body: DashboardBody,
  dashboards: readonly Dashboard[],
): string[] {
  mkdirSync(folder, { recursive: true });
  return pictures(body, dashboards).map(({ name, html }) => {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, html);
    return file;
  });
}
