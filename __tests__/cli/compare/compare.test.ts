import type { EnvironmentSettings } from "../../../stacks/settings";
import { compare, type Synth } from "../../../cli/compare/compare";
import { render } from "../../../cli/compare/render";
import { settingsOf } from "../../support/synth";

const names = { from: "staging", to: "prod" };
const a = settingsOf("staging");
const b: EnvironmentSettings = {
  ...a,
  name: "prod",
  account: "333333333333",
  profile: "prod",
  database: { ...a.database, instanceClass: "db.m7g.large", multiAz: true },
  queue: { ...a.queue, maxReceives: 5 },
  tracing: { samplingRate: 1 },
};

/** A stack with only what the comparison needs, and additional resources. */
const synth =
  (more: (settings: EnvironmentSettings) => Record<string, unknown> = () => ({})): Synth =>
  (settings) => ({
    "//": { metadata: { stackName: `streamflow-${settings.name}` } },
    provider: { aws: [{ allowed_account_ids: [settings.account] }] },
    resource: {
      aws_db_instance: {
        database: {
          "//": { metadata: { path: `streamflow-${settings.name}/database/Default` } },
          identifier: `streamflow-${settings.name}-database`,
          instance_class: settings.database.instanceClass,
          multi_az: settings.database.multiAz === true,
        },
      },
      aws_sqs_queue: {
        media: {
          policy: `\${jsonencode({"Statement" = [{"Sid" = "Fromstreamflow${settings.name}uploads"}]})}`,
          redrive_policy: `\${jsonencode({"maxReceiveCount" = ${settings.queue.maxReceives}})}`,
        },
      },
      ...more(settings),
    },
  });

const by = (comparison: ReturnType<typeof compare>, attribute: string) =>
  comparison.explained.find((difference) => difference.attribute === attribute)?.by;

test("names and account ids are no difference", () => {
  const same = compare(a, { ...a, name: "prod", account: "333333333333" }, synth());
  expect(same).toMatchObject({ explained: [], unexplained: [] });
});

test("each attribute is explained by the setting that causes it", () => {
  const comparison = compare(a, b, synth());
  expect(comparison.unexplained).toEqual([]);
  expect(comparison.explained).toHaveLength(3);
  expect(by(comparison, "instance_class")).toEqual(["database.instanceClass"]);
  expect(by(comparison, "multi_az")).toEqual(["database.multiAz"]);
  expect(by(comparison, "redrive_policy.maxReceiveCount")).toEqual(["queue.maxReceives"]);
});

test("what two settings make together is explained by both", () => {
  const both = compare(
    a,
    b,
    synth(({ queue, tracing }) =>
      queue.maxReceives === 5 && tracing.samplingRate === 1 ? { aws_xray_group: { both: {} } } : {},
    ),
  );
  expect(both.explained.find(({ address }) => address === "aws_xray_group.both")).toMatchObject({
    from: undefined,
    by: ["queue.maxReceives", "tracing.samplingRate"],
  });
});

test("what hangs on an environment's name is explained by no setting", () => {
  const special = compare(
    a,
    b,
    synth(({ name }) => (name === "prod" ? { aws_sns_topic: { page: {} } } : {})),
  );
  expect(special.unexplained).toEqual([
    { address: "aws_sns_topic.page", construct: "", attribute: "", from: undefined, to: "present" },
  ]);
  const text = render(special, { ...names, all: false });
  expect(text.indexOf("unexplained by any setting:\n  + aws_sns_topic.page")).toBeGreaterThan(0);
  expect(text.indexOf("unexplained by any setting:")).toBeLessThan(text.indexOf("database.instanceClass:"));
});

test("an attribute of a resource that only one setting adds is compared too", () => {
  const hidden = compare(
    a,
    b,
    synth(({ name, tracing }) =>
      tracing.samplingRate === 1 ? { aws_xray_group: { all: { insights: name === "prod" } } } : {},
    ),
  );
  expect(hidden.unexplained).toMatchObject([{ address: "aws_xray_group.all", attribute: "insights" }]);
});

test("a digest differs by the names in what it is of", () => {
  const digest = ({ name }: EnvironmentSettings) => (name === "prod" ? "a" : "b").repeat(64);
  const comparison = compare(
    a,
    b,
    synth((settings) => ({
      aws_api_gateway_deployment: { api: { triggers: { definition: digest(settings) } } },
    })),
  );
  expect(comparison.unexplained).toEqual([]);
  expect(by(comparison, "triggers.definition")).toEqual(["name"]);
});

test("a setting that is invalid without the others explains nothing, and causes no failure", () => {
  const comparison = compare(a, b, (settings) => {
    if (settings.tracing.samplingRate === 1 && settings.queue.maxReceives === 3)
      throw new Error("not without");
    return synth()(settings);
  });
  expect(comparison.unexplained).toEqual([]);
  expect(comparison.explained).toHaveLength(3);
});

test("settings without effect are listed, those with an effect are followed by it", () => {
  const text = render(compare(a, b, synth()), { ...names, all: false });
  expect(text).toContain(
    'database.instanceClass: "db.t4g.small" → "db.m7g.large"\n' +
      '  aws_db_instance.database (database): instance_class "db.t4g.small" → "db.m7g.large"',
  );
  expect(text).toContain("without effect: account, profile, tracing.samplingRate");
});

test("more than eight differences of a setting are counted, and listed with the option for all", () => {
  const many = synth(({ queue }) => ({
    aws_sqs_queue: Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`media_${index}`, { receives: queue.maxReceives }]),
    ),
  }));
  const comparison = compare(a, b, many);
  expect(render(comparison, { ...names, all: false })).toContain("  and 4 more (--all shows them)");
  expect(render(comparison, { ...names, all: true })).not.toContain("more (--all");
});
