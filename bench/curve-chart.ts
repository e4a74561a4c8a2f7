import type { Curve, Measured } from "./case";
import { median } from "./statistics";
import { dot, line, logarithmic, type Part, text, ticks, WIDTH } from "./svg";
import { number } from "./table";
import { UNITS } from "./case";

const LEFT = 90;
const RIGHT = WIDTH - 60;
const TOP = 34;
const BOTTOM = 250;

/** A growing case on logarithmic axes, with the line along which it would grow in proportion. */
export function curveChart(name: string, { figure, over, points }: Curve, measured: Measured): Part {
  const all = points.map(({ of, at }) => ({
    at,
    figures: (measured[of] ?? []).map((sample) => sample[figure] ?? NaN),
  }));
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return { height: 0, content: "" };
  const start = median(first.figures);
  const proportional = (start * last.at) / first.at;
  const figures = all.flatMap((point) => point.figures);
  const [low, high] = [Math.min(...figures) * 0.7, Math.max(...figures, proportional) * 1.2];
  const x = logarithmic(first.at, last.at, LEFT, RIGHT);
  const y = logarithmic(low, high, BOTTOM, TOP);
  const path = all.map((point, index) => `${index ? "L" : "M"}${x(point.at)} ${y(median(point.figures))}`);
  const unit = UNITS[figure] ?? "";
  return {
    height: BOTTOM + 60,
    content: [
      text(24, 16, `${name}: ${figure} as ${over} grow; dashed: in proportion`, "head"),
      ...ticks(low, high).flatMap((tick) => [
        line(LEFT, y(tick), RIGHT, y(tick), "grid"),
        text(LEFT - 8, y(tick) + 4, `${number(tick)} ${unit}`.trim(), "quiet end"),
      ]),
      line(x(first.at), y(start), x(last.at), y(proportional), "goal"),
      `<path class="curve" d="${path.join("")}"/>`,
      ...all.flatMap((point) => {
        const middle = median(point.figures);
        return [
          line(x(point.at), y(Math.min(...point.figures)), x(point.at), y(Math.max(...point.figures)), "bar"),
          dot(x(point.at), y(middle), "met"),
          text(x(point.at), BOTTOM + 20, number(point.at), "quiet middle"),
          text(x(point.at) + 9, y(middle) + 18, `${number(middle)} ${unit}`.trim()),
        ];
      }),
      text((LEFT + RIGHT) / 2, BOTTOM + 38, over, "quiet middle"),
    ].join("\n"),
  };
}
