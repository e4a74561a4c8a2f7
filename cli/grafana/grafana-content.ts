import { type CloudWatchClient, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import type { EnvironmentSettings } from "../../stacks/settings";
import type { Stack } from "@packages/terraform/synthesized-stack";
import { plain } from "./resolve-references";
import type { DashboardBody } from "./dashboard-body";
import { dashboardsOf } from "./dashboards";
import type { ExpectedContent } from "./provision";
import { dataSourcesOf } from "./data-sources";

/** Expected content of Grafana for an environment, from the body of its CloudWatch dashboard. */
export function wantedOf(
  { name: environment, region }: EnvironmentSettings,
  stack: Stack,
  body: DashboardBody,
): ExpectedContent {
  return {
    folder: { uid: `streamflow-${environment}`, title: `StreamFlow ${environment}` },
    dataSources: Object.values(dataSourcesOf({ environment, region })),
    dashboards: dashboardsOf({ environment, region, body, group: groupOf(stack) }),
  };
}

/** Body of the deployed dashboard, with resolved names. */
export async function deployedBody(client: CloudWatchClient, name: string): Promise<DashboardBody> {
  const { DashboardBody: body = "" } = await client.send(new GetDashboardCommand({ DashboardName: name }));
  return JSON.parse(body) as DashboardBody;
}

function groupOf(stack: Stack): string {
  const [group] = stack.attributesOf("aws_xray_group");
  if (group === undefined) throw new Error(`${stack.name} has no X-Ray group`);
  return String(plain(stack, group[1].group_name));
}
