import Ajv from "ajv";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import schema from "../../support/metrics/dashboard-body.schema.json";
import { type DashboardBody, dashboardBody, linesOf } from "../../../cli/grafana/dashboard-body";
import { synthEnvironment } from "../../support/synth";
import { testEnvironments } from "../../support/test-environments";

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const validate = ajv.compile(schema);
const faultOf = (body: unknown): string => (validate(body) ? "" : ajv.errorsText(validate.errors));
const bodyOf = (name: string): DashboardBody => dashboardBody(new Stack(name, synthEnvironment(name).json));
const prod = bodyOf("prod");

describe.each(testEnvironments.map(({ name }) => name))("the dashboard of %s", (name) => {
  const body = bodyOf(name);
  const { widgets } = body;

  test("is what CloudWatch takes", () => {
    expect(faultOf(body)).toBe("");
    expect(widgets.length).toBeGreaterThan(20);
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
    const lines = widgets.map(({ properties }) => linesOf(properties).length);
    expect(Math.max(...lines)).toBeLessThanOrEqual(500);
    expect(lines.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(2_500);
  });

  test("lies within 24 columns, and nothing on anything else", () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column++) {
        for (let row = y; row < y + height; row++) {
          expect(taken).not.toContain(`${column},${row}`);
          taken.add(`${column},${row}`);
        }
      }
    }
  });

  test("has names that are its own in every graph with metric math", () => {
    for (const { properties } of widgets) {
      const lines = linesOf(properties);
      const ids = lines.flatMap(({ id }) => id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { expression } of lines) {
        for (const [used] of (expression ?? "").matchAll(/[a-z]\w*/g)) expect(ids).toContain(used);
      }
    }
  });
});

const alarmed = (body: DashboardBody): number[] =>
  body.widgets.flatMap(({ properties }) =>
    (properties.annotations?.horizontal ?? [])
      .filter(({ label }) => label === "alarm")
      .map(({ value }) => value),
  );

test("draws the alarm thresholds, and shows the state of every alarm that notifies", () => {
  expect(alarmed(prod)).toEqual(expect.arrayContaining([3_000, 900, 630, 30, 85]));
  expect(alarmed(bodyOf("dev"))).toEqual([]);
  const shown = prod.widgets.find(({ type }) => type === "alarm")?.properties.alarms ?? [];
  const { json } = synthEnvironment("prod");
  const tells = ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"].flatMap((type) =>
    Object.entries(json.resource[type] as Record<string, { ok_actions?: unknown[] }>).flatMap(
      ([name, alarm]) => (alarm.ok_actions === undefined ? [] : [`${type}.${name}.arn`]),
    ),
  );
  expect(shown.toSorted()).toEqual(tells.toSorted());
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- broken on purpose
test.each<[string, (body: any) => void, string]>([
  ["a column that is not", (body) => (body.widgets[3].x = 24), "/widgets/3/x must be <= 23"],
  [
    "a statistic that is not",
    (body) => (body.widgets.at(-1).properties.metrics[0].at(-1).stat = "Mean"),
    "stat must match",
  ],
  ["a period that is not", (body) => (body.widgets.at(-1).properties.period = 90), "multiple of 60"],
  ["a word that is not", (body) => (body.widgets.at(-1).properties.legends = {}), "additional properties"],
])("fails on %s", (_, break_, fault) => {
  const broken = structuredClone(prod);
  break_(broken);
  expect(faultOf(broken)).toContain(fault);
});
