/** Video codecs of a stream. */
export type Codec = "h264" | "av1";

/** A size of a stream. */
export interface Rung {
  readonly codec: Codec;
  /** Folder name `video_<lines>p`, or `av1_<lines>p`, by the shorter side. */
  readonly name: string;
  /** Width in pixels, even and not larger than the source. */
  readonly width: number;
  readonly height: number;
  /** Maximum bit rate in kbit/s. */
  readonly kilobits: number;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly rate: number;
}

/** 16:9 boxes that pictures are fitted into, landscape or portrait. The first limits the largest rung. */
const RUNG_BOXES = [
  { long: 1_920, short: 1_080 },
  { long: 1_280, short: 720 },
  { long: 854, short: 480 },
  { long: 640, short: 360 },
  { long: 426, short: 240 },
  { long: 256, short: 144 },
] as const;
/** Largest size of a rung compared with the next larger one: others would be hardly smaller. */
const MAX_STEP = 0.8;
/** Maximum bit rate of 1920x1080 at 30 frames a second, in kbit/s. */
const FULL_KILOBITS = 5_000;
const FULL_PIXELS = 1_920 * 1_080;
const FULL_RATE = 30;
/** Smaller pictures need more bits for a pixel, and more frames a second less for a frame. */
const PIXEL_EXPONENT = 0.8;
const RATE_EXPONENT = 0.5;
/** Bit rate of AV1 compared with H.264 of the same quality. */
const AV1_RATE = 0.65;
/** The shortest side that SVT-AV1 encodes, in pixels. */
const AV1_LEAST_SIDE = 64;

/** H.264 rungs of a picture, largest first: its own size within 1920x1080, then smaller ones for slower connections. */
export function ladderOf(picture: Picture): Rung[] {
  const rungs: Rung[] = [];
  for (const box of RUNG_BOXES) {
    const rung = fitted(picture, box);
    const larger = rungs.at(-1);
    if (larger === undefined || shortSide(rung) <= shortSide(larger) * MAX_STEP) rungs.push(rung);
  }
  return rungs;
}

function fitted({ width, height, rate }: Picture, box: (typeof RUNG_BOXES)[number]): Rung {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const factor = Math.min(1, box.long / long, box.short / short);
  const size = { width: even(width * factor, width), height: even(height * factor, height) };
  const pixels = size.width * size.height;
  const kilobits =
    FULL_KILOBITS * (pixels / FULL_PIXELS) ** PIXEL_EXPONENT * Math.max(1, rate / FULL_RATE) ** RATE_EXPONENT;
  return {
    codec: "h264",
    name: `video_${shortSide(size)}p`,
    ...size,
    kilobits: Math.max(100, Math.round(kilobits / 10) * 10),
  };
}

/** The same sizes in AV1, without those that are too small for it. */
export function av1LadderOf(ladder: readonly Rung[]): Rung[] {
  return ladder
    .filter((rung) => shortSide(rung) >= AV1_LEAST_SIDE)
    .map((rung) => ({
      ...rung,
      codec: "av1",
      name: `av1_${shortSide(rung)}p`,
      kilobits: Math.round(rung.kilobits * AV1_RATE),
    }));
}

/** Share of the usual bit rates below which a stream would not be worth watching. */
const LEAST_SHARE = 0.1;

/** Rungs whose maximum bit rates differ by a factor. */
export function changedBy(factor: number, ladder: readonly Rung[]): Rung[] {
  return ladder.map((rung) => ({ ...rung, kilobits: Math.round(rung.kilobits * factor) }));
}

interface Limits {
  /** Length of the stream. */
  readonly seconds: number;
  /** Bytes that its files may have. */
  readonly bytes: number;
  /** Rungs of which the stream has a second copy. */
  readonly copied?: readonly Rung[];
  /** Bit rate of the other files, in kbit/s. */
  readonly otherKilobits: number;
}

/**
 * Rungs with lower bit rates, if a stream that needs the maximum all the time would not fit. Throws if there is hardly any
 * room.
 */
export function fittedInto(ladder: readonly Rung[], limits: Limits): Rung[] {
  const { seconds, bytes, copied = [], otherKilobits } = limits;
  const all = [...ladder, ...copied].reduce((sum, { kilobits }) => sum + kilobits, 0);
  const share = Math.min(1, ((bytes * 8) / 1_000 / seconds - otherKilobits) / all);
  if (share < LEAST_SHARE) {
    throw new Error(
      `a stream of ${Math.ceil(seconds)} s does not fit into ${Math.floor(bytes)} bytes: give the task a larger disk`,
    );
  }
  return ladder.map((rung) => ({ ...rung, kilobits: Math.floor(rung.kilobits * share) }));
}

function shortSide({ width, height }: Pick<Picture, "width" | "height">): number {
  return Math.min(width, height);
}

/** The nearest even number, at least 2 and at most `most`. */
function even(value: number, most: number): number {
  return Math.max(2, Math.min(2 * Math.round(value / 2), 2 * Math.floor(most / 2)));
}
