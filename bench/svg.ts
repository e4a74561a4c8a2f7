/** Of every picture, in pixels. */
export const WIDTH = 860;

/** A part of a picture, drawn from its own top left corner. */
export interface Part {
  readonly height: number;
  readonly content: string;
}

export function text(x: number, y: number, content: string, classes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" class="${classes}">${escaped(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, classes: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${classes}"/>`;
}

export function dot(x: number, y: number, classes: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="5" class="${classes}"/>`;
}

/** Places a value between two pixels, on a logarithmic axis. */
export function logarithmic(from: number, to: number, start: number, end: number): (value: number) => number {
  const share = (value: number): number => Math.log(value / from) / Math.log(to / from);
  return (value) => start + share(value) * (end - start);
}

/** 1, 2 and 5 times powers of ten that lie within a range. */
export function ticks(from: number, to: number): number[] {
  const powers = Array.from({ length: 16 }, (_, index) => index - 6);
  const all = powers.flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
  return all.filter((tick) => tick >= from * 0.999 && tick <= to * 1.001);
}

const round = (value: number): string => String(Math.round(value * 10) / 10);

const escaped = (content: string): string =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
