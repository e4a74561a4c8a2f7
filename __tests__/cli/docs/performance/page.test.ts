import { caseNames } from "../../../../bench/find";
import { halfWidth, type Row, verdictOf } from "../../../../cli/docs/performance/measurements";
import { casesIn, performancePage, TEMPLATE } from "../../../../cli/docs/performance/page";
import { table } from "../../../../cli/docs/performance/table";

const row: Row = {
  subject: "ours",
  baseline: "theirs",
  figure: "wall",
  unit: "s",
  turns: 5,
  value: 2,
  baselineValue: 4,
  estimate: 0.5,
  low: 0.49,
  high: 0.51,
  goal: { atMost: 0.75 },
};
const rowOf = (changed: Partial<Row>): Row => ({ ...row, ...changed });
const cellsOf = (line = "") =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
const lines = (...rows: Row[]) => table(rows).split("\n");

describe("the verdict of a row", () => {
  it.each([
    [{ goal: { atMost: 0.51 } }, "yes"],
    [{ goal: { atMost: 0.5 } }, "undecided"],
    [{ goal: { atMost: 0.48 } }, "no"],
    [{ goal: { atLeast: 0.49 } }, "yes"],
    [{ goal: { atLeast: 0.5 } }, "undecided"],
    [{ goal: { atLeast: 0.52 } }, "no"],
    [{ low: 0.5, high: 0.5, goal: { atMost: 0.5 } }, "yes"],
  ] as const)("is of the whole interval: %j is %s", (changed, verdict) => {
    expect(verdictOf(rowOf(changed))).toBe(verdict);
  });

  it("is none where there is no goal", () => {
    const { goal, ...without } = row;
    expect(goal).toBeDefined();
    expect(verdictOf(without)).toBeUndefined();
  });
});

describe("the table", () => {
  it("has a row for each comparison, with interval, goal and outcome", () => {
    const [head, , first] = lines(row);
    expect(cellsOf(head)).toEqual([
      "subject",
      "baseline",
      "figure",
      "value",
      "baseline value",
      "ratio",
      "goal",
      "met",
    ]);
    expect(cellsOf(first)).toEqual([
      "ours",
      "theirs",
      "wall",
      "2 s",
      "4 s",
      "0.500 ± 2.0 %",
      "≤ 0.75 ×",
      "yes",
    ]);
    expect(halfWidth(row)).toBeCloseTo(0.0202, 4);
  });

  it("marks a row whose interval is wider than 5 %", () => {
    expect(lines(rowOf({ low: 0.48, high: 0.52 }))[2]).toContain("0.500 ± 4.1 %, too noisy");
  });

  it("has no interval where one turn was made", () => {
    expect(cellsOf(lines(rowOf({ turns: 1, low: 0.5, high: 0.5 }))[2])[5]).toBe("0.500");
  });

  it("says why a goal is not met, and only then", () => {
    const missed = rowOf({ goal: { atMost: 0.25 }, limit: "theirs does less" });
    expect(lines(missed).at(-1)).toBe("- wall of ours: theirs does less");
    expect(table([rowOf({ limit: "theirs does less" })])).not.toContain("theirs does less");
  });

  it("says that reason unknown where the case has none", () => {
    expect(lines(rowOf({ goal: { atMost: 0.25 } })).at(-1)).toBe("- wall of ours: reason unknown");
  });

  it("has figure and bound in their own unit where there is no baseline", () => {
    const { baseline, baselineValue, ...alone } = row;
    expect([baseline, baselineValue]).toEqual(["theirs", 4]);
    const cells = cellsOf(table([{ ...alone, value: 14, goal: { atMost: 15 } }]).split("\n")[2]);
    expect(cells.slice(3)).toEqual(["14 s ± 2.0 %", "", "", "≤ 15 s", "yes"]);
  });
});

describe("the page", () => {
  const machine = {
    date: "2026-11-29T10:20:30.000Z",
    commit: "62d8b42",
    processor: "CPU",
    cores: 2,
    memoryGiB: 23,
    system: "linux x64",
    node: "v22.1.0",
  };
  const page = (name: string, template: string, ...rows: Row[]) =>
    performancePage({ cases: [{ name, about: "this beside that", machine, rows }] }, template);

  it("has a place for every case of npm run bench, and for no other", () => {
    expect(casesIn(TEMPLATE).sort()).toEqual(caseNames());
  });

  it("has each case's table and machine in its place of the template", () => {
    const text = page("synth", "# Synth\n\n<!-- bench: synth -->\n\nProse.\n", row);
    expect(text).toBe(
      `# Synth\n\nCompared: this beside that.\n\n${table([row])}\n\n` +
        "Measured 2026-11-29 10:20 UTC at commit 62d8b42, on 2 × CPU, 23 GiB, linux x64, Node.js v22.1.0.\n\nProse.\n",
    );
  });

  it("counts goals by outcome, and names the cases that miss one", () => {
    const template = "<!-- summary -->\n<!-- bench: synth -->\n";
    const text = page(
      "synth",
      template,
      row,
      rowOf({ goal: { atMost: 0.1 } }),
      rowOf({ goal: { atMost: 0.5 } }),
    );
    expect(text).toContain("Goals: 1 met, 1 not met (synth), 1 undecided.");
  });

  it("states that a case was not measured yet", () => {
    expect(performancePage({ cases: [] }, "<!-- bench: synth -->")).toBe(
      "Not measured yet: `npm run bench -- synth`.",
    );
  });

  it("fails for a measured case that it has no place for", () => {
    expect(() => page("gone", "<!-- bench: synth -->")).toThrow(
      "template.txt has no placeholder for the case gone",
    );
  });
});
