import type { CloudWatchMetricsQuery } from "@grafana/grafana-foundation-sdk/cloudwatch";
import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { dashboardBody } from "../../../cli/grafana/dashboard-body";
import { wantedOf } from "../../../cli/grafana/grafana-content";
import { expectNoFaults } from "../../support/faults";
import { emittersOf, metricFault } from "../../support/metrics/emitters";
import { shownByDashboard } from "../../../cli/grafana/dashboard-body";
import { settingsOf, synthEnvironment } from "../../support/synth";

const stack = new Stack("prod", synthEnvironment("prod").json);
const body = dashboardBody(stack);
// As sent over HTTP.
const { dashboards, dataSources } = JSON.parse(JSON.stringify(wantedOf(settingsOf("prod"), stack, body))) as {
  dashboards: Dashboard[];
  dataSources: { uid: string; type: string }[];
};
const [overview, traces] = dashboards as [Dashboard, Dashboard];
const graphsOf = (dashboard: Dashboard) =>
  (dashboard.panels ?? []).filter(({ type }) => type !== "row") as Panel[];

/** Faults of a dashboard: what Grafana 10.4 requires to display it. */
function faultsOf(dashboard: Dashboard): string[] {
  const faults: string[] = [];
  const ids = new Set<number>();
  const taken = new Set<string>();
  if (!/^[\w-]{1,40}$/.test(dashboard.uid ?? "")) faults.push(`the uid ${dashboard.uid}`);
  for (const panel of dashboard.panels ?? []) {
    const at = `panel ${panel.title}`;
    if (panel.id === undefined || ids.has(panel.id)) faults.push(`${at}: the id ${panel.id}`);
    ids.add(panel.id ?? NaN);
    const { x = 0, y = 0, w = 0, h = 0 } = panel.gridPos ?? {};
    if (w < 1 || h < 1 || x < 0 || y < 0 || x + w > 24)
      faults.push(`${at}: the place ${x},${y} of ${w}x${h}`);
    for (let column = x; column < x + w; column++) {
      for (let row = y; row < y + h; row++) {
        const place = `${column},${row}`;
        if (taken.has(place)) faults.push(`${at}: lies on another at ${place}`);
        taken.add(place);
      }
    }
    if (panel.type === "row") continue;
    const { datasource, targets = [] } = panel as Panel;
    const known = (one?: { uid?: string; type?: string } | null) =>
      dataSources.some(({ uid, type }) => uid === one?.uid && type === one.type);
    if (!known(datasource)) faults.push(`${at}: no such data source`);
    if (targets.length === 0) faults.push(`${at}: no query`);
    const letters = targets.map((target) => (target as unknown as { refId: string }).refId);
    if (new Set(letters).size < letters.length) faults.push(`${at}: two queries of one letter`);
    if (!targets.every((target) => known((target as unknown as CloudWatchMetricsQuery).datasource))) {
      faults.push(`${at}: a query without its data source`);
    }
  }
  return faults;
}

test.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))(
  "%s can be shown",
  (_, dashboard) => {
    expectNoFaults(faultsOf(dashboard));
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
  },
);

test("the overview asks for exactly the metrics of CloudWatch's dashboard, and all of them exist", () => {
  const queries = graphsOf(overview).flatMap(
    ({ targets = [] }) => targets as unknown as CloudWatchMetricsQuery[],
  );
  const asked = queries
    .filter(({ metricName }) => metricName !== undefined)
    .map(({ namespace, metricName, dimensions = {}, statistic = "", matchExact }) => {
      expect(matchExact).toBe(true);
      return {
        namespace,
        name: metricName ?? "",
        dimensions: dimensions as Record<string, string>,
        statistic,
      };
    });
  expect(asked).toEqual(
    shownByDashboard(body).map(({ namespace, name, dimensions, statistic }) => ({
      namespace,
      name,
      dimensions,
      statistic,
    })),
  );
  const emitters = emittersOf(stack, "us-east-1");
  expectNoFaults(asked.flatMap((metric) => metricFault(emitters, { at: "", ...metric }) ?? []));
  const math = queries.filter(({ expression }) => expression !== undefined && expression !== "");
  expect(math.map(({ expression }) => expression)).toContain("(100 * failed / requests) / 0.1");
});

test("a right axis, a limit and a unit are converted", () => {
  const panel = (title: string) => graphsOf(overview).find((one) => one.title === title);
  expect(panel("Calls of the media function")?.fieldConfig?.overrides).toMatchObject([
    {
      matcher: { options: "Concurrent" },
      properties: [{ value: "right" }, { value: "Concurrent" }, { value: "short" }],
    },
  ]);
  const { defaults } = panel("Latency")?.fieldConfig ?? {};
  expect(defaults).toMatchObject({ unit: "ms", thresholds: { steps: [{ value: null }, { value: 3_000 }] } });
});

test("the edge's metrics are queried in us-east-1, in any region of the environment", () => {
  const settings = settingsOf("prod");
  const moved = new Stack("prod", synthEnvironment("prod", { region: "eu-west-1" }).json);
  const [there] = wantedOf({ ...settings, region: "eu-west-1" }, moved, dashboardBody(moved)).dashboards;
  const regions = graphsOf(there as Dashboard).flatMap(({ targets = [] }) =>
    (targets as unknown as CloudWatchMetricsQuery[]).map(({ namespace, region }) => `${namespace} ${region}`),
  );
  expect(regions).toContain("AWS/CloudFront us-east-1");
  expect(regions).toContain("AWS/ApiGateway eu-west-1");
});

test("the traces are of the stack's group", () => {
  const queries = graphsOf(traces).flatMap(({ targets = [] }) => targets as unknown as { query: string }[]);
  expect(queries.map(({ query }) => query)).toContain('group.name = "streamflow-prod-tracing"');
});

test.each<[string, (dashboard: Dashboard) => void, RegExp]>([
  ["an id twice", ({ panels = [] }) => ((panels[1] as Panel).id = panels[2]?.id ?? 0), /the id/],
  [
    "a panel on another",
    ({ panels = [] }) => ((panels[2] as Panel).gridPos = { ...(panels[1] as Panel).gridPos! }),
    /lies on another/,
  ],
  ["a panel beyond the edge", ({ panels = [] }) => ((panels[1] as Panel).gridPos!.x = 20), /the place/],
  [
    "a data source that is not",
    ({ panels = [] }) => ((panels[1] as Panel).datasource = { uid: "other" }),
    /no such data source/,
  ],
  ["a panel without a query", ({ panels = [] }) => ((panels[1] as Panel).targets = []), /no query/],
])("fails on %s", (_, plant, fault) => {
  const broken = structuredClone(overview);
  plant(broken);
  expect(faultsOf(broken).join("\n")).toMatch(fault);
});
