import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/dashboard";

/** A data source in the format of Grafana's HTTP API. */
export interface DataSource {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly access: "proxy";
  readonly jsonData: Readonly<Record<string, string>>;
}

/**
 * Data sources for CloudWatch and X-Ray with the workspace's role. We choose the uids, so that dashboards can refer to
 * them.
 */
export function dataSourcesOf({
  environment,
  region,
}: {
  readonly environment: string;
  readonly region: string;
}): Record<"metrics" | "traces", DataSource> {
  // Managed Grafana calls this one "Workspace IAM role".
  const jsonData = { authType: "ec2_iam_role", defaultRegion: region };
  const source = (kind: string, type: string): DataSource => ({
    uid: `streamflow-${environment}-${kind}`,
    name: `StreamFlow ${environment} ${kind}`,
    type,
    access: "proxy",
    jsonData,
  });
  return {
    metrics: source("metrics", "cloudwatch"),
    traces: source("traces", "grafana-x-ray-datasource"),
  };
}

export const reference = ({ type, uid }: DataSource): DataSourceRef => ({ type, uid });
