import { stackOf } from "../../../cli/docs/synthesized";
import { pictures } from "../../../cli/grafana/picture/draw";
import { POINTS } from "../../../cli/grafana/picture/series";
import { synthesizedBody, wantedOf } from "../../../cli/grafana/wanted";
import { settingsOf, synthEnvironment } from "../../support/synth";

const stack = stackOf("prod", synthEnvironment("prod").json);
const body = synthesizedBody(stack);
const { dashboards } = wantedOf(settingsOf("prod"), stack, body);
const drawn = pictures(body, dashboards);

test("draws CloudWatch's dashboard and both of Grafana's, each graph with its title and lines", () => {
  expect(drawn.map(({ name }) => name)).toEqual([
    "cloudwatch",
    "streamflow-prod-overview",
    "streamflow-prod-traces",
  ]);
  const [cloudwatch = { html: "" }, overview = { html: "" }] = drawn;
  for (const { type, properties } of body.widgets) {
    if (type === "metric") expect(cloudwatch.html).toContain(`>${properties.title}</text>`);
  }
  const count = (html: string) => html.split("<polyline").length;
  expect(count(overview.html)).toBe(count(cloudwatch.html));
  expect(cloudwatch.html).toContain(">slo-availability-fast</span>");
  expect(/points="([^"]*)"/.exec(cloudwatch.html)?.[1]?.split(" ")).toHaveLength(POINTS);
});

test("draws the same each time", () => {
  expect(pictures(body, dashboards)).toEqual(drawn);
});
