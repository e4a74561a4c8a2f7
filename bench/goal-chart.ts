import type { Row } from "./rows";
import { dot, line, logarithmic, type Part, text, ticks, WIDTH } from "./svg";
import { goalText, number } from "./table";

const LEFT = 400;
const RIGHT = WIDTH - 40;
const LINE = 24;

/** One line for each goal, its dot left of the dashed line where the goal is met. Hollow dots are goals not met. */
export function goalChart(rows: readonly Row[]): Part {
  const shown = rows.flatMap((row) => (row.met === undefined ? [] : [{ row, at: distance(row) }]));
  if (shown.length === 0) return { height: 0, content: "" };
  const least = Math.min(0.5, ...shown.map(({ at }) => at)) * 0.8;
  const most = Math.max(2, ...shown.map(({ at }) => at)) * 1.25;
  const x = logarithmic(least, most, LEFT, RIGHT);
  const bottom = 34 + shown.length * LINE;
  return {
    height: bottom + 50,
    content: [
      text(24, 16, "Figure to goal: left of the line is better", "head"),
      ...ticks(least, most).flatMap((tick) => [
        line(x(tick), 26, x(tick), bottom, tick === 1 ? "goal" : "grid"),
        text(x(tick), bottom + 16, tick === 1 ? "goal" : `${number(tick)} ×`, "quiet middle"),
      ]),
      ...shown.flatMap(({ row, at }, index) => {
        const y = 42 + index * LINE;
        return [
          text(24, y + 4, label(row)),
          text(LEFT - 16, y + 4, reached(row), "quiet end"),
          dot(x(at), y, row.met === true ? "met" : "missed"),
        ];
      }),
    ].join("\n"),
  };
}

/** 1 at the goal, below where it is met. */
function distance({ comparison: { goal }, ratio, median }: Row): number {
  const value = ratio ?? median;
  if (goal === undefined) return 1;
  return "atMost" in goal ? value / goal.atMost : goal.atLeast / value;
}

function label({ name, comparison: { of, figure } }: Row): string {
  return `${of === name ? name : `${name}: ${of}`}, ${figure}`;
}

function reached({ comparison: { goal }, ratio, median, unit }: Row): string {
  if (goal === undefined) return "";
  return `${number(ratio ?? median)} (${goalText(goal, ratio === undefined ? ` ${unit}`.trimEnd() : " ×")})`;
}
