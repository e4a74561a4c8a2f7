import type { Benchmark, Comparison, Measured } from "../../bench/case";
import { rowsOf } from "../../bench/rows";
import { table } from "../../bench/table";

const measured: Measured = {
  ours: [{ wall: 1 }, { wall: 3 }, { wall: 2 }],
  theirs: [{ wall: 4 }, { wall: 6 }, { wall: 4 }],
};

function caseOf(...comparisons: Comparison[]): Benchmark {
  return { name: "example", about: "ours beside theirs", comparisons, measure: () => Promise.resolve({}) };
}

const rowOf = (comparison: Partial<Comparison>) =>
  rowsOf(caseOf({ of: "ours", figure: "wall", ...comparison }), measured)[0];

describe("rows of a case", () => {
  it("have median, spread, and the ratio of each turn", () => {
    expect(rowOf({ than: "theirs" })).toMatchObject({
      median: 2,
      least: 1,
      most: 3,
      baseline: 4,
      ratio: 0.5,
      unit: "s",
    });
  });

  it.each([
    [{ than: "theirs", goal: { atMost: 0.5 } }, true],
    [{ than: "theirs", goal: { atMost: 0.49 } }, false],
    [{ than: "theirs", goal: { atLeast: 0.5 } }, true],
    [{ than: "theirs", goal: { atLeast: 0.51 } }, false],
    [{ goal: { atMost: 2 } }, true],
    [{ goal: { atMost: 1.9 } }, false],
  ])("meet a goal or not, %j: %s", (comparison, met) => {
    expect(rowOf(comparison)?.met).toBe(met);
  });

  it("have no verdict where there is no goal", () => {
    expect(rowOf({ than: "theirs" })).not.toHaveProperty("met");
  });

  it.each([
    [{ of: "nobody" }, 'the case "example" did not measure nobody'],
    [{ figure: "rss" }, 'the case "example" did not measure rss of ours'],
    [{ than: "nobody" }, 'the case "example" did not measure nobody'],
  ])("fails for %j, which was not measured", (comparison, message) => {
    expect(() => rowOf(comparison)).toThrow(message);
  });
});

describe("the table", () => {
  const missed: Comparison = {
    of: "ours",
    than: "theirs",
    figure: "wall",
    goal: { atMost: 0.25 },
    limit: "theirs does less",
  };
  const lines = (...comparisons: Comparison[]) => table(rowsOf(caseOf(...comparisons), measured)).split("\n");

  it("has a row for each comparison, with goal and outcome", () => {
    const [head, , row] = lines({ ...missed, goal: { atMost: 0.75 } });
    expect(head?.split("|").map((cell) => cell.trim())).toEqual(
      ["", "case", "what", "figure", "median", "least to most", "baseline", "ratio", "goal", "met", ""].map(
        String,
      ),
    );
    expect(row?.split("|").map((cell) => cell.trim())).toEqual([
      "",
      "example",
      "ours / theirs",
      "wall",
      "2 s",
      "1–3",
      "4 s",
      "0.500",
      "≤ 0.75 ×",
      "yes",
      "",
    ]);
  });

  it("says why a goal is not met, and only then", () => {
    expect(lines(missed).slice(-1)).toEqual(["- example, wall of ours: theirs does less"]);
    expect(lines({ ...missed, goal: { atMost: 1 } }).join()).not.toContain("theirs does less");
  });

  it("says that no reason is known where the case has none", () => {
    const unexplained = { of: "ours", figure: "wall", goal: { atMost: 1 } };
    expect(lines(unexplained).at(-1)).toBe("- example, wall of ours: no reason is known");
  });

  it("has bounds in their own unit where there is no baseline", () => {
    expect(lines({ of: "ours", figure: "wall", goal: { atMost: 15 } }).at(-1)).toContain("≤ 15 s");
  });
});
