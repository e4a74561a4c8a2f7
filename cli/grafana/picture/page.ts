import { escaped } from "./graph";

/** Something on a page: of 24 columns, rows of `ROW` pixels. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** What is in it; told its size in pixels. */
  readonly content: (width: number, height: number) => string;
}

export const COLUMN = 64;
export const ROW = 36;
const GAP = 8;

const STYLE = `body{margin:0;font:13px/1.35 system-ui,"DejaVu Sans",sans-serif;color:#1d2733;background:#eef1f4}
main{position:relative}.tile{position:absolute;overflow:hidden;box-sizing:border-box}
.graph,.box{background:#fff;border:1px solid #d5dbe1;border-radius:4px;box-sizing:border-box}
.grid{stroke:#e6eaee}.label{font-size:11px;fill:#5a6b7b}.title{font-size:13px;font-weight:600;fill:#1d2733}
.limit{stroke:#d62728;stroke-dasharray:5 4}.limit-name{font-size:10px;fill:#d62728}
h1{font-size:20px;margin:0;padding:14px 16px}h2{font-size:16px;margin:8px 4px 0}p{margin:0 4px;color:#5a6b7b}
.box{height:100%;padding:8px 12px}.alarms{display:flex;flex-wrap:wrap;gap:5px 8px}
.alarm{border-left:4px solid #3aa655;background:#f3f6f8;padding:3px 8px;font-size:12px}
.node{background:#fff;border:2px solid #3aa655;border-radius:50%}table{border-collapse:collapse;width:100%;font-size:12px}
td,th{text-align:left;padding:4px 8px;border-bottom:1px solid #e6eaee}`;

/** A page of tiles, and its size in pixels. */
export function page(title: string, tiles: readonly Tile[]): { html: string; width: number; height: number } {
  const width = 24 * COLUMN;
  const height = Math.max(...tiles.map(({ y, h }) => y + h)) * ROW;
  const body = tiles.map(({ x, y, w, h, content }) => {
    const [inner, tall] = [w * COLUMN - GAP, h * ROW - GAP];
    const style = `left:${x * COLUMN + GAP / 2}px;top:${y * ROW + GAP / 2}px;width:${inner}px;height:${tall}px`;
    return `<div class="tile" style="${style}">${content(inner, tall)}</div>`;
  });
  const html = `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style><h1>${escaped(title)}</h1><main style="width:${width}px;height:${height}px">${body.join("")}</main>`;
  return { html, width, height: height + 60 };
}
