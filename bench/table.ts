import type { Row } from "./rows";

const COLUMN_TITLES = [
  "case",
  "what",
  "figure",
  "median",
  "least to most",
  "baseline",
  "ratio",
  "goal",
  "met",
];
/** Columns that hold numbers are aligned to the right. */
const NUMBERS = new Set([3, 4, 5, 6, 7]);

/** A Markdown table of rows, and below it why goals are not met that are not. */
export function table(rows: readonly Row[]): string {
  const lines = [COLUMN_TITLES, ...rows.map(cells)];
  const widths = COLUMN_TITLES.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const render = (line: readonly string[]): string =>
    `| ${line.map((cell, at) => (NUMBERS.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(" | ")} |`;
  const rule = widths.map(
    (width, at) => "-".repeat(width - (NUMBERS.has(at) ? 1 : 0)) + (NUMBERS.has(at) ? ":" : ""),
  );
  return [
    render(COLUMN_TITLES),
    `| ${rule.join(" | ")} |`,
    ...lines.slice(1).map(render),
    ...reasons(rows),
  ].join("\n");
}

function cells({ name, comparison, unit, ...row }: Row): string[] {
  const { of, than, figure, goal } = comparison;
  return [
    name,
    than === undefined ? of : `${of} / ${than}`,
    figure,
    `${number(row.median)} ${unit}`.trim(),
    `${number(row.least)}–${number(row.most)}`,
    row.baseline === undefined ? "" : `${number(row.baseline)} ${unit}`.trim(),
    row.ratio === undefined ? "" : row.ratio.toPrecision(3),
    goal === undefined ? "" : goalText(goal, than === undefined ? ` ${unit}`.trimEnd() : " ×"),
    row.met === undefined ? "" : row.met ? "yes" : "no",
  ];
}

export function goalText(
  goal: { readonly atMost: number } | { readonly atLeast: number },
  unit: string,
): string {
  return "atMost" in goal ? `≤ ${number(goal.atMost)}${unit}` : `≥ ${number(goal.atLeast)}${unit}`;
}

function reasons(rows: readonly Row[]): string[] {
  const missed = rows.filter(({ met }) => met === false);
  if (missed.length === 0) return [];
  const texts = missed.map(
    ({ name, comparison: { of, figure, limit = "no reason is known" } }) =>
      `- ${name}, ${figure} of ${of}: ${limit}`,
  );
  return ["", "Not met:", "", ...new Set(texts)];
}

/** Three digits of small numbers, thousands apart in large ones. */
export function number(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en-US").replaceAll(",", " ");
  return String(Number(value.toPrecision(3)));
}
