/** A size of a stream. */
export interface Rung {
  /** Folder name `video_<height>p`, by the height of a 16:9 picture. */
  readonly name: string;
  /** Width in pixels, even and not larger than the source. */
  readonly width: number;
  readonly height: number;
  /** Maximum bit rate in kbit/s. */
  readonly kilobits: number;
}

/** 16:9 boxes that pictures are fitted into, landscape or portrait. */
const RUNG_BOXES = [
  { long: 1_920, short: 1_080, kilobits: 5_000 },
  { long: 1_280, short: 720, kilobits: 2_800 },
  { long: 854, short: 480, kilobits: 1_400 },
  { long: 640, short: 360, kilobits: 800 },
] as const;

/**
 * Rungs of a picture, largest first: those that it reaches in at least one direction, so that nothing is enlarged; its
 * own size if it reaches none.
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

/** The nearest even number, at least 2 and at most `most`. */
function even(value: number, most: number): number {
  return Math.max(2, Math.min(2 * Math.round(value / 2), 2 * Math.floor(most / 2)));
}
