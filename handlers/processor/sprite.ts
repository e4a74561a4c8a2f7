/** Thumbnails of a video in one image, for seeking. */
export interface Sprite {
  /** Width of a thumbnail in pixels. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** Number of thumbnails; the last row may have free places. */
  readonly count: number;
  /** Seconds between thumbnails. */
  readonly interval: number;
}

const MAX_PICTURES = 100;
const COLUMNS = 10;
const PICTURE_BOX_PIXELS = 160;
/** Minimum interval in seconds. */
const MIN_INTERVAL_SECONDS = 1;

export function spriteOf(source: {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
}): Sprite {
  const { width, height, durationSeconds } = source;
  const interval = Math.max(MIN_INTERVAL_SECONDS, durationSeconds / MAX_PICTURES);
  const count = Math.max(1, Math.min(MAX_PICTURES, Math.ceil(durationSeconds / interval)));
  const columns = Math.min(COLUMNS, count);
  const factor = Math.min(1, PICTURE_BOX_PIXELS / Math.max(width, height));
  const even = (value: number): number => Math.max(2, 2 * Math.round(value / 2));
  return {
    width: even(width * factor),
    height: even(height * factor),
    columns,
    rows: Math.ceil(count / columns),
    count,
    interval,
  };
}

/** WebVTT cues: the part of the image for each time range. */
export function spriteCues(sprite: Sprite, durationSeconds: number, image = "sprite.jpg"): string {
  const { width, height, columns, count, interval } = sprite;
  const cues = Array.from({ length: count }, (_, index) => {
    const end = index === count - 1 ? durationSeconds : (index + 1) * interval;
    const [x, y] = [(index % columns) * width, Math.floor(index / columns) * height];
    return `${clock(index * interval)} --> ${clock(end)}\n${image}#xywh=${x},${y},${width},${height}\n`;
  });
  return ["WEBVTT\n", ...cues].join("\n");
}

/** A time as WebVTT writes it. */
export function clock(seconds: number): string {
  const milliseconds = Math.round(seconds * 1_000);
  const [hours, rest] = [Math.floor(milliseconds / 3_600_000), milliseconds % 3_600_000];
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const thousandths = String(rest % 1_000).padStart(3, "0");
  return `${two(hours)}:${two(rest / 60_000)}:${two((rest % 60_000) / 1_000)}.${thousandths}`;
}
