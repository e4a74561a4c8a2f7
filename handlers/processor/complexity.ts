import { UnprocessableVideoError } from "./errors";
import {
  bytesIn,
  complexityArguments,
  type ComplexityLook,
  COMPLEXITY_LOOK_SECONDS,
} from "./ffmpeg-arguments";
import type { Rung } from "./ladder";
import type { StreamInput, StreamOptions } from "./stream-input";

/** Shorter videos are not looked at: it would take a notable part of their processing time. */
const LEAST_SECONDS = 60;
/** Seconds of a video for each part that is encoded, and the most parts. */
const SECONDS_PER_PART = 15;
const MAX_PARTS = 12;
/** Milliseconds that a part may take. */
const LOOK_LIMIT_MS = 20_000;
/** Lines of the size in which parts are encoded, at most. */
const MAX_LINES = 240;
/** Factor between the bit rate of the most complex part and the maximum: between the parts there are others. */
const HEADROOM = 1.3;
/** Bounds of the factor by which maximum bit rates may change. */
const [LEAST_FACTOR, MOST_FACTOR] = [0.7, 1.6];

/**
 * The factor by which the maximum bit rates of a title differ from the usual ones: still pictures need less, sports and
 * grain more for the same quality. It is estimated from short parts, encoded in a small size; 1 if that takes too long.
 */
export async function complexityOf(
  { file, source, lengths, output }: StreamInput,
  { ladder, rate }: { readonly ladder: readonly Rung[]; readonly rate: string },
  { transcoder, encoding, signal }: StreamOptions,
): Promise<number> {
  const rung = ladder.find(({ width, height }) => Math.min(width, height) <= MAX_LINES);
  const count = Math.min(MAX_PARTS, Math.floor(lengths.seconds / SECONDS_PER_PART));
  if (rung === undefined || lengths.seconds < LEAST_SECONDS) return 1;
  const parts: number[] = [];
  for (let part = 0; part < count; part++) {
    const seconds = ((part + 0.5) / count) * lengths.seconds;
    const look = { file, source, seconds, rung, rate, encoding };
    const limit = AbortSignal.timeout(LOOK_LIMIT_MS);
    try {
      const run = { transcoder, signal: AbortSignal.any([signal, limit]) };
      parts.push(...(await kilobitsOf(look, output, run)));
    } catch (error) {
      // With few key frames, a part is only reached by decoding everything before it.
      if (limit.aborted && !signal.aborted) return 1;
      throw error;
    }
  }
  return factorOf(parts, rung.kilobits);
}

/** The bit rate of a part in kbit/s; nothing if it can't be decoded. */
async function kilobitsOf(
  look: ComplexityLook,
  folder: string,
  { transcoder, signal }: Pick<StreamOptions, "transcoder" | "signal">,
): Promise<number[]> {
  let bytes = 0;
  try {
    await transcoder.run(complexityArguments(look), {
      folder,
      signal,
      onLine: (line) => void (bytes += bytesIn(line)),
    });
  } catch (error) {
    if (!(error instanceof UnprocessableVideoError)) throw error;
  }
  return bytes === 0 ? [] : [(bytes * 8) / 1_000 / COMPLEXITY_LOOK_SECONDS];
}

/** The factor for the bit rates of a video's parts, compared with the usual maximum in their size. */
export function factorOf(partsKilobits: readonly number[], usualKilobits: number): number {
  if (partsKilobits.length === 0) return 1;
  const wanted = (HEADROOM * Math.max(...partsKilobits)) / usualKilobits;
  return Math.min(MOST_FACTOR, Math.max(LEAST_FACTOR, wanted));
}
