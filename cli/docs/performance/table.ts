import { type Goal, halfWidth, MAX_HALF_WIDTH, type Row, verdictOf } from "./measurements";

const TITLES = ["subject", "baseline", "figure", "value", "baseline value", "ratio", "goal", "met"];
/** Columns of numbers, aligned right. */
const NUMBERS = new Set([3, 4, 5, 6]);

/** Markdown table of rows, followed by the reasons of missed goals. */
export function table(rows: readonly Row[]): string {
  return [markdownTable([TITLES, ...rows.map(cells)]), ...reasons(rows)].join("\n");
}

function markdownTable(lines: readonly (readonly string[])[]): string {
  const [titles = [], ...rows] = lines;
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const render = (line: readonly string[]): string =>
    `| ${line.map((cell, at) => (NUMBERS.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, at) => (NUMBERS.has(at) ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [render(titles), `| ${rule.join(" | ")} |`, ...rows.map(render)].join("\n");
}

function cells(row: Row): string[] {
  const { subject, baseline, figure, unit, value, baselineValue, estimate, goal } = row;
  const withUnit = (of: number): string => `${number(of)} ${unit}`.trim();
  const spread = spreadText(row);
  return [
    subject,
    baseline ?? "",
    figure,
    baseline === undefined ? withUnit(value) + spread : withUnit(value),
    baselineValue === undefined ? "" : withUnit(baselineValue),
    baseline === undefined ? "" : estimate.toPrecision(3) + spread,
    goal === undefined ? "" : goalText(goal, baseline === undefined ? ` ${unit}`.trimEnd() : " ×"),
    verdictOf(row) ?? "",
  ];
}

function spreadText(row: Row): string {
  if (row.turns === 1) return "";
  const half = halfWidth(row);
  const percent = (half * 100).toPrecision(2);
  return half > MAX_HALF_WIDTH ? ` ± ${percent} %, too noisy` : ` ± ${percent} %`;
}

function goalText(goal: Goal, unit: string): string {
  return "atMost" in goal ? `≤ ${number(goal.atMost)}${unit}` : `≥ ${number(goal.atLeast)}${unit}`;
}

function reasons(rows: readonly Row[]): string[] {
  const missed = rows.filter((row) => (verdictOf(row) ?? "yes") !== "yes");
  if (missed.length === 0) return [];
  const texts = missed.map(
    ({ subject, figure, limit = "reason unknown" }) => `- ${figure} of ${subject}: ${limit}`,
  );
  return ["", "Missed or undecided goals:", "", ...new Set(texts)];
}

/** A number with three significant digits, or with spaces between thousands. */
export function number(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en-US").replaceAll(",", " ");
  return String(Number(value.toPrecision(3)));
}
