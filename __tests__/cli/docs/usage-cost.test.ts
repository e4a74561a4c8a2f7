import { idleCost, total } from "../../../cli/docs/cost";
import { type Design, designOf, FIRST_DESIGN } from "../../../cli/docs/design";
import { ASSUMED, loadOfVideo } from "../../../cli/docs/load";
import { type Tiers, USAGE_PRICES, type UsagePrices } from "../../../cli/docs/prices";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import {
  backupCost,
  hoursToProcessAgain,
  mostVideos,
  tasksFor,
  tiered,
  TRAFFIC,
  usageCost,
} from "../../../cli/docs/usage-cost";
import { usageTables } from "../../../cli/docs/usage-table";
import { settingsOf, synthEnvironment } from "../../support/synth";

const stackFor = (name: string, change = {}) => new Stack(name, synthEnvironment(name, change).json);
const dev = designOf(stackFor("dev"));
const prod = designOf(stackFor("prod"));
const cost = (design: Design, videos: number, what: string): number =>
  total(usageCost(design, videos).filter((item) => item.what === what));

/** The table with one price doubled. */
const doubled = (price: keyof UsagePrices): UsagePrices => ({
  ...USAGE_PRICES,
  [price]: USAGE_PRICES[price].map(([upTo, dollars]) => [upTo, 2 * dollars] as const),
});

describe.each([dev, prod, FIRST_DESIGN].map((design) => ({ name: design.name, design })))(
  "what videos cost in $name",
  ({ design }) => {
    test("is the idle month's bill without any", () => {
      expect(usageCost(design, 0)).toEqual(design.idle);
    });

    test("never falls when there are more, in any item", () => {
      const loads = [0, 1, 100, 1_000, 30_000, 1_000_000, 50_000_000];
      for (const { what } of usageCost(design, 1_000_000)) {
        const bills = loads.map((videos) => cost(design, videos, what));
        expect(bills).toEqual([...bills].sort((one, other) => one - other));
      }
      const totals = loads.map((videos) => total(usageCost(design, videos)));
      expect(new Set(totals).size).toBe(loads.length);
    });

    test("grows in proportion above the free tier, where prices have no tiers", () => {
      const more = (what: string): number =>
        (cost(design, 5_000_000, what) - cost(design, 4_000_000, what)) /
        (cost(design, 4_000_000, what) - cost(design, 3_000_000, what));
      const linear = [
        "additional processor hours",
        "requests to S3",
        "media function",
        "SQS requests",
        "logs",
      ];
      for (const what of [...linear, "additional database storage"]) expect(more(what)).toBeCloseTo(1);
    });

    test.each(Object.keys(USAGE_PRICES) as (keyof UsagePrices)[])(
      "has one item at most that %s moves",
      (price) => {
        const before = usageCost(design, 1_000_000);
        const after = usageCost(design, 1_000_000, doubled(price));
        const moved = after.filter(({ dollars }, index) => dollars !== before[index]?.dollars);
        expect(after.map(({ what }) => what)).toEqual(before.map(({ what }) => what));
        expect(moved.length).toBeLessThanOrEqual(1);
        expect(design.idle).not.toContain(moved[0]);
      },
    );
  },
);

test("each price moves an item of some design", () => {
  const unused = (Object.keys(USAGE_PRICES) as (keyof UsagePrices)[]).filter((price) => {
    return [dev, prod, FIRST_DESIGN].every(
      (design) => total(usageCost(design, 1_000_000, doubled(price))) === total(usageCost(design, 1_000_000)),
    );
  });
  expect(unused).toEqual([]);
});

test("the idle part is what idleCost says", () => {
  expect(usageCost(prod, 1_000).slice(0, prod.idle.length)).toEqual(idleCost(stackFor("prod")));
});

test("each tier has its own price", () => {
  const tiers: Tiers = [
    [10, 0],
    [20, 2],
    [Infinity, 1],
  ];
  expect([0, 10, 15, 20, 50].map((quantity) => tiered(quantity, tiers))).toEqual([0, 0, 10, 20, 50]);
});

test("viewers are sent the same by all designs", () => {
  expect(cost(dev, 1_000_000, TRAFFIC)).toBe(cost(FIRST_DESIGN, 1_000_000, TRAFFIC));
});

test("a video of five minutes is about 300 MB of segments, in as many files as ffmpeg writes", () => {
  const { streamBytes, objects, writes, sourceBytes } = loadOfVideo();
  expect(streamBytes).toBeCloseTo((10_618_000 / 8) * 300 * ASSUMED.fill);
  // Six rungs and audio, each with 75 segments, an init segment and a playlist.
  expect(objects).toBe(7 * 77 + 3 + 1);
  expect(writes).toBe(objects - 1 + Math.ceil(sourceBytes / (8 * 1024 ** 2)) + 2);
});

test("an MP4 for downloads is stored, and the sizes in AV1 are, where the settings want them", () => {
  const of = (change: { downloads?: boolean; av1?: boolean }): Design =>
    designOf(
      stackFor("prod", {
        processor: { ...settingsOf("prod").processor, downloads: false, av1: false, ...change },
      }),
    );
  const plain = of({});
  const stored = (design: Design): number =>
    cost(design, 1_000, "S3 Standard") + cost(design, 1_000, "S3 Infrequent Access");
  expect(plain.extras).toEqual({ downloads: false, av1: false });
  expect(of({ downloads: true }).extras).toEqual({ downloads: true, av1: false });
  expect(of({ av1: true }).extras).toEqual({ downloads: false, av1: true });
  expect(stored(of({ downloads: true }))).toBeGreaterThan(stored(plain) * 1.1);
  expect(stored(of({ av1: true }))).toBeGreaterThan(stored(plain) * 1.2);
  const { streamBytes, objects, writes } = loadOfVideo();
  const copied = loadOfVideo({ downloads: true, av1: false });
  // The packets of 1080 lines and of the sound.
  expect(copied.streamBytes - streamBytes).toBeCloseTo((5_128_000 / 8) * 300 * ASSUMED.fill);
  expect([copied.objects - objects, copied.writes - writes]).toEqual([1, 1]);
  const both = loadOfVideo({ downloads: false, av1: true });
  expect(both.streamBytes / streamBytes).toBeCloseTo(1.65, 1);
  expect(both.objects - objects).toBe(6 * 77);
});

describe("the processor", () => {
  test("costs nothing more while its smallest number of tasks is enough", () => {
    expect(tasksFor(dev, 500)).toBe(dev.task.minimum);
    expect(cost(dev, 500, "additional processor hours")).toBe(0);
  });

  test("has as many CPU seconds as tasks of its size have in a month", () => {
    expect(mostVideos(prod)).toBe(Math.floor((10 * 4 * 730 * 3_600) / (300 * ASSUMED.transcode)));
    expect(mostVideos(FIRST_DESIGN)).toBe(Math.floor(mostVideos(prod) / 16));
  });

  test("reaches S3 through a NAT gateway in the first design only", () => {
    const bytes = 600_000_000;
    expect(cost(FIRST_DESIGN, 1_000, "videos through NAT gateways")).toBeGreaterThan(
      (bytes / 1e9) * 1_000 * 0.04,
    );
    for (const design of [dev, prod]) expect(cost(design, 1_000, "videos through NAT gateways")).toBe(0);
  });
});

test("settings decide: traces, backups and web ACLs cost where there are some", () => {
  const change = { tracing: { samplingRate: 0 }, firewall: { ...settingsOf("dev").firewall, edge: true } };
  const changed = designOf(stackFor("dev", change));
  expect(cost(dev, 1_000_000, "traces")).toBeGreaterThan(0);
  expect(cost(changed, 1_000_000, "traces")).toBe(0);
  const inspected = "requests inspected by web ACLs";
  expect(cost(changed, 1_000_000, inspected)).toBeGreaterThan(cost(dev, 1_000_000, inspected));
  const vaults = [dev, prod, FIRST_DESIGN].map(({ backups }) => backups.vaults);
  expect(vaults).toEqual([0, 2, 0]);
  const { backup } = settingsOf("prod");
  if ("off" in backup) throw new Error("prod must have backups");
  const both = designOf(stackFor("prod", { backup: { ...backup, streams: true } }));
  const backups = "AWS Backup of videos";
  expect(cost(prod, 1_000_000, backups)).toBeGreaterThan(0);
  expect(cost(both, 1_000_000, backups)).toBeGreaterThan(cost(prod, 1_000_000, backups));
  expect(backupCost(both, 1_000_000)).toBe(cost(both, 1_000_000, backups));
});

test("the time to make all streams again follows from videos, tasks and their size", () => {
  // 12 months × 1 000 videos × 450 vCPU seconds, by 10 tasks of 4 vCPU.
  expect(hoursToProcessAgain(prod, 1_000)).toBeCloseTo((12_000 * 450) / 3_600 / 40, 6);
  const table = usageTables([prod]);
  expect(table).toContain("prod, off, hours to make all streams again | 38 | 37 500 |");
  expect(usageTables([dev])).not.toContain("make all streams again |");
});

test("a customer managed key costs requests to KMS, far fewer than those to S3", () => {
  const owned = designOf(stackFor("prod", { encryption: "aws-owned" }));
  expect(cost(prod, 1_000_000, "requests to KMS")).toBeGreaterThan(0);
  expect(cost(prod, 1_000_000, "requests to KMS")).toBeLessThan(cost(prod, 1_000_000, "requests to S3") / 50);
  expect(cost(owned, 1_000_000, "requests to KMS")).toBe(0);
});

test("a row states when the tasks can't process the videos", () => {
  const tables = usageTables([dev]);
  expect(tables).toContain("10 allowed: at most 14 600 videos per month");
  expect(tables).not.toMatch(/NaN|undefined|Infinity/);
});

test("fails on a stack that serves no videos", () => {
  expect(() => designOf(new Stack("empty", {}))).toThrow(/empty must have a processor/);
});
