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
