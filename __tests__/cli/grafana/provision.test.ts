import { Stack } from "../../../packages/terraform/synthesized-stack";
import { GrafanaApi } from "../../../cli/grafana/http";
import { provision, type ExpectedContent } from "../../../cli/grafana/provision";
import { dashboardBody } from "../../../cli/grafana/dashboard-body";
import { wantedOf } from "../../../cli/grafana/grafana-content";
import { settingsOf, synthEnvironment } from "../../support/synth";
import { type FakeGrafana, fakeGrafana } from "./fake-grafana";

const stack = new Stack("prod", synthEnvironment("prod").json);
const wanted: ExpectedContent = wantedOf(settingsOf("prod"), stack, dashboardBody(stack));

let grafana: FakeGrafana;
let api: GrafanaApi;
beforeEach(async () => {
  grafana = await fakeGrafana();
  api = new GrafanaApi(grafana);
});
afterEach(() => grafana.close());

const became = async (options: { readonly dryRun?: boolean } = {}) =>
  (await provision(api, wanted, options)).map((one) => one.became);
const nothing = Array<string>(5).fill("unchanged");

test("makes two data sources, a folder and two dashboards in it", async () => {
  expect(await became()).toEqual(Array(5).fill("made"));
  expect(grafana.changes).toEqual([
    "POST /api/datasources",
    "POST /api/datasources",
    "POST /api/folders",
    "POST /api/dashboards/db",
    "POST /api/dashboards/db",
  ]);
  expect(grafana.held.datasources.get("streamflow-prod-traces")).toMatchObject({
    type: "grafana-x-ray-datasource",
    jsonData: { authType: "ec2_iam_role", defaultRegion: "us-east-1" },
  });
});

test("changes nothing the second time", async () => {
  await became();
  grafana.changes.length = 0;
  expect(await became()).toEqual(nothing);
  expect(grafana.changes).toEqual([]);
});

test("restores only what was changed by hand", async () => {
  await became();
  const source = grafana.held.datasources.get("streamflow-prod-metrics") ?? {};
  Object.assign(source, { jsonData: { authType: "keys", defaultRegion: "us-east-1" } });
  Object.assign(grafana.held.folders.get("streamflow-prod") ?? {}, { title: "Mine" });
  const { dashboard } = grafana.held.dashboards.get("streamflow-prod-overview") as {
    dashboard: { panels: { title: string }[] };
  };
  (dashboard.panels[1] ?? { title: "" }).title = "Mine";
  grafana.changes.length = 0;
  expect(await became()).toEqual(["changed", "unchanged", "changed", "changed", "unchanged"]);
  expect(grafana.changes).toEqual([
    "PUT /api/datasources/uid/streamflow-prod-metrics",
    "PUT /api/folders/streamflow-prod",
    "POST /api/dashboards/db",
  ]);
  expect(await became()).toEqual(nothing);
});

test("a dry run says the same, and changes nothing", async () => {
  expect(await became({ dryRun: true })).toEqual(Array(5).fill("made"));
  expect(grafana.changes).toEqual([]);
});

test("fails with Grafana's message, without the token", async () => {
  const wrong = new GrafanaApi({ url: grafana.url, token: "glsa_other" });
  const failed = provision(wrong, wanted);
  await expect(failed).rejects.toThrow(
    /GET \/datasources\/uid\/streamflow-prod-metrics with 401: .*Unauthorized/,
  );
  await expect(failed).rejects.not.toThrow("glsa_other");
});
