import type { Comparison, Measured } from "../../bench/case";
import { neededFor, rowsOf } from "../../bench/rows";

const measured: Measured = {
  ours: [{ wall: 1 }, { wall: 3 }, { wall: 2 }],
  theirs: [{ wall: 4 }, { wall: 6 }, { wall: 4 }, { wall: 1_000 }],
};

const rowOf = (comparison: Partial<Comparison>) =>
  rowsOf({ name: "example", comparisons: [{ of: "ours", figure: "wall", ...comparison }] }, measured)[0];

describe("rows of a case", () => {
  it("have the mean of the ratios of each turn that both have, and of both sides of them", () => {
    expect(rowOf({ than: "theirs", goal: { atMost: 1 }, limit: "why" })).toMatchObject({
      subject: "ours",
      baseline: "theirs",
      turns: 3,
      value: 1.8171,
      baselineValue: 4.5789,
      estimate: 0.39685,
      unit: "s",
      goal: { atMost: 1 },
      limit: "why",
    });
  });

  it("have the mean of the figure itself where there is no baseline", () => {
    expect(rowOf({})).toMatchObject({ turns: 3, value: 1.8171, estimate: 1.8171 });
    expect(rowOf({})).not.toHaveProperty("baseline");
  });

  it.each([
    [{ of: "nobody" }, 'the case "example" did not measure nobody'],
    [{ figure: "rss" }, 'the case "example" did not measure rss of ours'],
    [{ than: "nobody" }, 'the case "example" did not measure nobody'],
  ])("fails for %j, which was not measured", (comparison, message) => {
    expect(() => rowOf(comparison)).toThrow(message);
  });
});

describe("what needs more samples", () => {
  const turns = { least: 3, most: 6 };
  const walls = (...figures: number[]) => figures.map((wall) => ({ wall }));
  const needed = (samples: Measured, ...comparisons: Comparison[]) =>
    [...neededFor(comparisons, turns)(samples)].sort();
  const pair: Comparison = { of: "ours", than: "theirs", figure: "wall" };

  it("is everything that is compared, before the least turns", () => {
    expect(needed({}, pair)).toEqual(["ours", "theirs"]);
    expect(needed({ ours: walls(1, 1), theirs: walls(2, 2) }, pair)).toEqual(["ours", "theirs"]);
  });

  it("is 0 when the interval is narrower than 5 %, at any load of the machine", () => {
    expect(needed({ ours: walls(1, 9, 3), theirs: walls(2, 18, 6) }, pair)).toEqual([]);
    expect(needed({ ours: walls(1, 1.02, 0.98), theirs: walls(1, 1, 1) }, pair)).toEqual(["ours", "theirs"]);
    expect(needed({ ours: walls(1, 1.005, 0.995), theirs: walls(1, 1, 1) }, pair)).toEqual([]);
  });

  it("is nothing after the most turns", () => {
    const ours = walls(1, 2, 3, 4, 5, 6);
    expect(needed({ ours, theirs: walls(1, 1, 1, 1, 1, 1) }, pair)).toEqual([]);
  });

  it("leaves out a baseline whose own comparison is settled", () => {
    const other: Comparison = { of: "ours", than: "slow", figure: "wall" };
    const samples = { ours: walls(1, 1, 1), theirs: walls(2, 2, 2), slow: walls(3, 5, 4) };
    expect(needed(samples, pair, other)).toEqual(["ours", "slow"]);
  });

  it("is the subject alone where it has no baseline", () => {
    expect(needed({ ours: walls(1, 2, 3) }, { of: "ours", figure: "wall" })).toEqual(["ours"]);
  });
});
