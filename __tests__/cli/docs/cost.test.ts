import { costTable, firstDesign, idleCost, total } from "../../../cli/docs/cost";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { settingsOf, synthEnvironment } from "../../support/synth";

const costOf = (name: string, change = {}): number =>
  total(idleCost(new Stack(name, synthEnvironment(name, change).json)));

test("the first design costs about 150 $ idle, including 15 $ for public addresses and 12 $ for the storage of AWS CDK", () => {
  expect(total(firstDesign())).toBeGreaterThan(145);
  expect(total(firstDesign())).toBeLessThan(155);
});

/** Half of the first design, and the endpoint by which the API asks for another try of a failed video. */
const MOST_OF_FIRST_DESIGN = 0.52;

test("dev costs at most 52 % of the first design", () => {
  expect(costOf("dev")).toBeLessThanOrEqual(total(firstDesign()) * MOST_OF_FIRST_DESIGN);
});

test("a NAT gateway in each zone costs twice what one does", () => {
  const network = settingsOf("dev").network;
  const [none, one, two] = (["none", "one", "perZone"] as const).map((nat) =>
    costOf("dev", { network: { ...network, nat } }),
  ) as [number, number, number];
  expect(two - one).toBeCloseTo(36.5);
  // The task's public address is removed with it.
  expect(one - none).toBeCloseTo(36.5 - 3.65);
});

test("each customer managed key costs a dollar, also where the foundation creates it", () => {
  const { backup } = settingsOf("prod");
  const uncopied = { backup: { ...backup, copyTo: { off: "a test" } } };
  const owned = { encryption: "aws-owned" } as const;
  // the key for copies, and those of both regions
  expect(costOf("prod", owned) - costOf("prod", { ...owned, ...uncopied })).toBeCloseTo(1);
  expect(costOf("prod") - costOf("prod", owned)).toBeCloseTo(1);
  expect(costOf("prod", uncopied) - costOf("prod", { ...owned, ...uncopied })).toBeCloseTo(1);
});

test("a synthetic check costs its metrics, and in proportion to how often it runs", () => {
  const check = (everyMinutes: number) =>
    idleCost(
      new Stack(
        "prod",
        synthEnvironment("prod", { syntheticCheck: { everyMinutes, readyWithinMinutes: 5 } }).json,
      ),
    ).filter(({ what }) => what.includes("synthetic check"));
  const [often, metrics] = check(10);
  expect(often).toEqual({ what: "4380 synthetic checks", dollars: expect.any(Number) });
  expect(metrics).toEqual({ what: "2 metrics of the synthetic check", dollars: 0.6 });
  expect(often?.dollars).toBeGreaterThan(0.5);
  expect(check(20)[0]?.dollars).toBeCloseTo((often?.dollars ?? NaN) / 2);
});

test("with invalidations, the videos of checks cost what is not free of them", () => {
  const invalidations = (invalidateDeleted: boolean) =>
    idleCost(
      new Stack(
        "prod",
        synthEnvironment("prod", { edge: { ...settingsOf("prod").edge, invalidateDeleted } }).json,
      ),
    ).filter(({ what }) => what === "invalidations of their videos");
  expect(invalidations(true)).toEqual([{ what: expect.any(String), dollars: (4_380 - 1_000) * 0.005 }]);
  expect(invalidations(false)).toEqual([]);
});

test("other schedules, and an environment without a check, have no cost of checks", () => {
  const what = (stack: Stack): string[] => idleCost(stack).map((one) => one.what);
  const json = synthEnvironment("prod").json as { resource: Record<string, Record<string, object>> };
  const [schedule = {}] = Object.values(json.resource.aws_scheduler_schedule ?? {});
  const other = Object.assign({}, json, {
    resource: Object.assign({}, json.resource, { aws_scheduler_schedule: { nightly: schedule } }),
  });
  for (const stack of [new Stack("dev", synthEnvironment("dev").json), new Stack("prod", other)]) {
    expect(what(stack).filter((one) => one.includes("check"))).toEqual([]);
  }
});

test("a size without a price has a line without a price, and the total names it as missing", () => {
  const { database, cache } = settingsOf("dev");
  const change = {
    database: { ...database, instanceClass: "db.r7g.16xlarge" as const },
    cache: { ...cache, nodeType: "cache.r7g.16xlarge" as const },
  };
  const items = idleCost(new Stack("dev", synthEnvironment("dev", change).json));
  const table = costTable("dev", items);
  expect(table).toContain("| database, db.r7g.16xlarge | not priced |");
  expect(table).toContain("| cache, 1 of cache.r7g.16xlarge | not priced |");
  expect(table).toContain(`| **total of priced items** | **${total(items).toFixed(2)}** |`);
  expect(total(items)).toBeLessThan(costOf("dev"));
  expect(total(items)).toBeGreaterThan(0);
});
