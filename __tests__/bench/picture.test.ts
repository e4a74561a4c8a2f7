import type { Benchmark, Measured } from "../../bench/case";
import { picture } from "../../bench/picture";
import { rowsOf } from "../../bench/rows";

const measured: Measured = { one: [{ wall: 1 }], ten: [{ wall: 4 }] };
const growing: Benchmark = {
  name: "growing",
  about: "a <b> & c",
  comparisons: [
    { of: "ten", than: "one", figure: "wall", goal: { atMost: 5 } },
    { of: "ten", than: "one", figure: "wall", goal: { atMost: 2 } },
    { of: "ten <x>", figure: "wall" },
  ],
  curves: [
    {
      figure: "wall",
      over: "things",
      points: [
        { of: "one", at: 1 },
        { of: "ten", at: 10 },
      ],
    },
  ],
  measure: () => Promise.resolve(measured),
};
const machine = {
  date: "2026-11-24T08:00:00.000Z",
  commit: "abc1234",
  processor: "A & B",
  cores: 2,
  memoryGiB: 8,
  system: "linux x64",
  node: "v20.0.0",
};

function drawn(): string {
  const rows = rowsOf(growing, { ...measured, "ten <x>": [{ wall: 4 }] });
  return picture({ machine, cases: [{ benchmark: growing, measured, rows }] });
}

describe("the picture", () => {
  it("has a full dot for a goal that is met and a hollow one for a goal that is not", () => {
    const [chart = "", curves = ""] = drawn().split("growing: wall as things grow");
    expect(chart.match(/<circle [^>]*class="met"/g)).toHaveLength(1);
    expect(chart.match(/<circle [^>]*class="missed"/g)).toHaveLength(1);
    expect(curves.match(/<circle /g)).toHaveLength(2);
  });

  it("places what is better further left", () => {
    const [met, missed] = [...drawn().matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(met).toBeLessThan(missed as number);
  });

  it("draws a curve below the line of proportional growth", () => {
    const [, path = ""] = /<path class="curve" d="([^"]+)"/.exec(drawn()) ?? [];
    const end = Number(path.split(" ").at(-1));
    const [, goal = ""] = /<line [^>]*y2="([\d.]+)" class="goal"\/>\n<path/.exec(drawn()) ?? [];
    expect(end).toBeGreaterThan(Number(goal));
  });

  it("is well-formed, for light and dark pages", () => {
    expect(drawn()).toContain("A &amp; B");
    expect(drawn()).toContain("prefers-color-scheme: dark");
    expect(drawn()).not.toMatch(/NaN|undefined|Infinity/);
  });
});
