import { POINTS } from "./series";

/** A line of a graph. */
export interface Drawn {
  readonly label: string;
  readonly values: readonly number[];
  readonly right?: boolean;
}

export interface GraphPicture {
  readonly title: string;
  readonly unit: string;
  readonly rightUnit: string | undefined;
  readonly lines: readonly Drawn[];
  readonly limits: readonly { readonly label: string; readonly value: number }[];
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

const COLORS = ["#2f7ed8", "#e8833a", "#3aa655", "#8e5bd0", "#c0467c", "#5a6b7b"];
const [LEFT, RIGHT, TOP, LEGEND] = [58, 12, 34, 22];

/** One graph as SVG: axes with units, lines, limits as dashed lines, a legend. */
export function graphSvg(graph: GraphPicture): string {
  const { title, unit, rightUnit, lines, limits, width, height } = graph;
  const right = width - (rightUnit === undefined ? RIGHT : LEFT);
  const bottom = height - LEGEND - 22;
  const onLeft = lines.filter((line) => line.right !== true);
  const top = ceiling([...onLeft.flatMap(({ values }) => values), ...limits.map(({ value }) => value)]);
  const topRight = ceiling(lines.filter((line) => line.right).flatMap(({ values }) => values));
  const y = (value: number, of = top): number => bottom - (value / of) * (bottom - TOP);
  const x = (index: number): number => LEFT + (index / (POINTS - 1)) * (right - LEFT);
  const ticks = [0, 0.5, 1].map((share) => {
    const at = y(share * top);
    const other =
      rightUnit === undefined ? "" : label(right + 6, at + 4, shown(share * topRight, rightUnit), "start");
    return `<line x1="${LEFT}" x2="${right}" y1="${at}" y2="${at}" class="grid"/>${label(LEFT - 6, at + 4, shown(share * top, unit), "end")}${other}`;
  });
  const paths = lines.map(({ values, right: atRight }, index) => {
    const points = values.map(
      (value, at) => `${x(at).toFixed(1)},${y(value, atRight ? topRight : top).toFixed(1)}`,
    );
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${COLORS[index % COLORS.length]}" stroke-width="1.6"/>`;
  });
  const dashed = limits.map(
    ({ label: name, value }) =>
      `<line x1="${LEFT}" x2="${right}" y1="${y(value)}" y2="${y(value)}" class="limit"/>${label(right - 2, y(value) - 4, `${name} ${shown(value, unit)}`, "end", "limit-name")}`,
  );
  const times = ["-12 h", "-6 h", "now"].map((time, index) =>
    label(
      LEFT + (index / 2) * (right - LEFT),
      bottom + 15,
      time,
      index === 0 ? "start" : index === 1 ? "middle" : "end",
    ),
  );
  return `<svg width="${width}" height="${height}" class="graph">${label(12, 21, title, "start", "title")}${label(right, 21, named(unit, rightUnit), "end")}${ticks.join("")}${paths.join("")}${dashed.join("")}${times.join("")}${legend(lines, height)}</svg>`;
}

function legend(lines: readonly Drawn[], height: number): string {
  let x = 12;
  return lines
    .map(({ label: name }, index) => {
      const at = x;
      x += 24 + name.length * 6.3;
      return `<rect x="${at}" y="${height - 17}" width="10" height="10" fill="${COLORS[index % COLORS.length]}"/>${label(at + 15, height - 8, name, "start")}`;
    })
    .join("");
}

const named = (unit: string, rightUnit: string | undefined): string =>
  rightUnit === undefined ? unit : `${unit} | ${rightUnit}`;

function label(x: number, y: number, text: string, anchor: string, kind = "label"): string {
  return `<text x="${x}" y="${y.toFixed(1)}" text-anchor="${anchor}" class="${kind}">${escaped(text)}</text>`;
}

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** The next round number. */
function ceiling(values: readonly number[]): number {
  const greatest = Math.max(...values, 0) || 1;
  const power = 10 ** Math.floor(Math.log10(greatest));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= greatest * 1.05) ?? 10) * power;
}

function shown(value: number, unit: string): string {
  if (unit === "Percent") return `${round(value)} %`;
  if (unit === "Milliseconds") return value >= 60_000 ? `${round(value / 60_000)} min` : `${round(value)} ms`;
  if (unit === "Seconds")
    return value !== 0 && value < 1 ? `${round(value * 1_000)} ms` : `${round(value)} s`;
  if (unit !== "Bytes") return value >= 10_000 ? `${round(value / 1_000)} k` : String(round(value));
  return value >= 2 ** 30 ? `${round(value / 2 ** 30)} GiB` : `${round(value / 2 ** 20)} MiB`;
}

const round = (value: number): number => Number(value.toPrecision(3));
