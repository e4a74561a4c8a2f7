import type { Around } from "./surroundings";
import type { Badge } from "./badges";
import { BOX, type Layout, type Point, type Rectangle } from "./layout";
import type { Part } from "./parts";
import { STYLE } from "./style";

/** Sizes of badges in pixels: character width, padding, height and gap. */
const BADGE = { character: 5.4, padding: 13, height: 15, gap: 3 } as const;
const FOOT = { row: 25, top: 14 } as const;

export interface Picture {
  readonly title: string;
  readonly description: string;
  readonly parts: readonly Part[];
  readonly badges: ReadonlyMap<string, readonly Badge[]>;
  readonly around: readonly Around[];
  readonly layout: Layout;
}

/** The diagram as SVG, with a text description for screen readers. */
export function svg({ title, description, parts, badges, around, layout }: Picture): string {
  const width = Math.ceil(layout.width);
  const height = Math.ceil(layout.height + FOOT.top + around.length * FOOT.row + 12);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs>${["arrow", "failure"].map(head).join("")}</defs>`,
    `<rect class="page" width="${width}" height="${height}" rx="10"/>`,
    ...vpcFrame(layout.vpc),
    ...layout.lines.map(({ arrow, points }) => {
      const kind = arrow.failure ? "failure" : "arrow";
      return `<path class="line ${kind}" d="${path(points)}" marker-end="url(#${kind})"/>`;
    }),
    ...layout.lines.map(({ arrow, label }) => lineLabel(arrow.label, label, layout.vpc)),
    ...parts.flatMap((part) => box(part, layout.boxes.get(part.id), badges.get(part.id) ?? [])),
    ...foot(around, layout.height + FOOT.top, width),
    "</svg>",
    "",
  ].join("\n");
}

const head = (id: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head ${id}" d="M0 0L8 4L0 8z"/></marker>`;

function vpcFrame(vpc: Rectangle | undefined): string[] {
  if (vpc === undefined) return [];
  return [
    `<rect class="vpc" ${place(vpc)} rx="10"/>`,
    `<text class="frame" x="${round(vpc.x + 14)}" y="${round(vpc.y + 20)}">VPC</text>`,
  ];
}

function box({ title, detail, role }: Part, at: Rectangle | undefined, badges: readonly Badge[]): string[] {
  if (at === undefined) throw new Error(`the layout has no place for ${title}`);
  const middle = round(at.x + at.width / 2);
  const drop = badges.length === 0 ? 7 : 0;
  return [
    `<g class="${role}"><rect class="box" ${place(at)} rx="7"/>`,
    `<rect class="band" x="${round(at.x)}" y="${round(at.y + 7)}" width="4" height="${at.height - 14}" rx="2"/>`,
    `<text class="title" x="${middle}" y="${round(at.y + 19 + drop)}">${escaped(title)}</text>`,
    `<text class="detail" x="${middle}" y="${round(at.y + 34 + drop)}">${escaped(detail)}</text></g>`,
    ...badgeRow(badges, { x: at.x + at.width / 2, y: at.y + BOX.height - BADGE.height - 6 }),
  ];
}

const badgeWidth = ({ text }: Badge): number => Math.round(text.length * BADGE.character + BADGE.padding);

function badgeRow(badges: readonly Badge[], { x: middle, y }: Point): string[] {
  const all = badges.reduce((sum, badge) => sum + badgeWidth(badge) + BADGE.gap, -BADGE.gap);
  let x = middle - all / 2;
  return badges.map((badge) => {
    const drawn = pill(badge, { x, y });
    x += badgeWidth(badge) + BADGE.gap;
    return drawn;
  });
}

function pill(badge: Badge, { x, y }: Point): string {
  const width = badgeWidth(badge);
  return (
    `<g class="badge ${badge.service}"><rect x="${round(x)}" y="${round(y)}" width="${width}" height="${BADGE.height}" rx="7"/>` +
    `<text x="${round(x + width / 2)}" y="${round(y + 11)}">${escaped(badge.text)}</text></g>`
  );
}

/** An arrow's label on a background that covers the line. */
function lineLabel(text: string, { x, y, width, height }: Rectangle, vpc: Rectangle | undefined): string {
  const inside =
    vpc !== undefined && x > vpc.x && x < vpc.x + vpc.width && y > vpc.y && y < vpc.y + vpc.height;
  return (
    `<rect class="ground${inside ? " inside" : ""}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" rx="3"/>` +
    `<text class="label" x="${round(x + width / 2)}" y="${round(y + 11.5)}">${escaped(text)}</text>`
  );
}

/** The footer: badges with their descriptions. */
function foot(around: readonly Around[], top: number, width: number): string[] {
  return [
    `<path class="rule" d="M16 ${round(top - 8)}H${width - 16}"/>`,
    ...around.flatMap(({ badge, text }, index) => {
      const y = top + index * FOOT.row;
      return [
        pill(badge, { x: 20, y: y + 4 }),
        `<text class="foot" x="92" y="${round(y + 15)}">${escaped(text)}</text>`,
      ];
    }),
  ];
}

/** SVG path of a line with rounded corners. */
function path(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const steps = rest.map((point, index) => {
    const [before, next] = [points[index], rest[index + 1]];
    if (before === undefined || next === undefined) return `L${round(point.x)} ${round(point.y)}`;
    const [enter, leave] = [towards(point, before), towards(point, next)];
    return `L${round(enter.x)} ${round(enter.y)}Q${round(point.x)} ${round(point.y)} ${round(leave.x)} ${round(leave.y)}`;
  });
  return `M${round(first.x)} ${round(first.y)}${steps.join("")}`;
}

/** The point 6 pixels, but at most halfway, from one point towards another. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(6, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

const round = (value: number): number => Math.round(value * 10) / 10;

const place = ({ x, y, width, height }: Rectangle): string =>
  `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
