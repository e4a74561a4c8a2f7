/** One size of a stream. */
export interface Rung {
  /** `video_<height>p`: the folder, by the height that a picture of 16:9 would have. */
  readonly name: string;
  /** Even, and never larger than the source. */
  readonly width: number;
  readonly height: number;
  /** The most that it may take, in kbit/s. */
  readonly kilobits: number;
}

/** Sizes of 16:9 that pictures are fitted into, lying or standing. */
const RUNG_BOXES = [
  { long: 1_920, short: 1_080, kilobits: 5_000 },
  { long: 1_280, short: 720, kilobits: 2_800 },
  { long: 854, short: 480, kilobits: 1_400 },
  { long: 640, short: 360, kilobits: 800 },
] as const;

/**
 * The sizes to make of a picture, largest first: each that the picture reaches in one direction at least, so that
 * nothing is ever enlarged; its own size when it reaches none.
 */
export function ladderOf({ width, height }: { readonly width: number; readonly height: number }): Rung[] {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const rungs = RUNG_BOXES.filter((box) => long >= box.long || short >= box.short).map((box) => {
    const factor = Math.min(1, box.long / long, box.short / short);
    return {
      name: `video_${box.short}p`,
      width: even(width * factor, width),
      height: even(height * factor, height),
      kilobits: box.kilobits,
    };
  });
  if (rungs.length > 0) return rungs;
  const own = { width: even(width, width), height: even(height, height) };
  return [{ name: `video_${Math.min(own.width, own.height)}p`, ...own, kilobits: 500 }];
}

/** The nearest even number, from 2 up, that is not above the most. */
function even(value: number, most: number): number {
  return Math.max(2, Math.min(2 * Math.round(value / 2), 2 * Math.floor(most / 2)));
}
