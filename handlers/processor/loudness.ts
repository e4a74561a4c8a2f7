import { UnprocessableVideoError } from "./errors";
import { type Loudness, loudnessArguments } from "./ffmpeg-arguments";
import type { SoundTrack } from "./probe";
import type { StreamOptions } from "./stream-input";

/** A measured sound. */
export interface MeasuredSound {
  /** Integrated loudness in LUFS, as defined by EBU R 128. */
  readonly lufs: number;
  /** True peak in dBFS. */
  readonly peakDb: number;
}

/** Largest gain in dB: more would only make noise louder. */
const MAX_GAIN_DB = 20;
/** Level of the loudest peak in dBFS; encoders add a little. */
const PEAK_DB = -1.5;
/** Below this loudness in LUFS, R 128 measures nothing. */
const SILENCE_LUFS = -70;

/** How a track of sound reaches the loudness of the settings; undefined if it stays as it is. */
export async function loudnessOf(
  { file, track, folder }: { readonly file: string; readonly track: SoundTrack; readonly folder: string },
  { transcoder, encoding, signal }: StreamOptions,
): Promise<Loudness | undefined> {
  const { loudnessLufs } = encoding;
  if (loudnessLufs === undefined) return undefined;
  try {
    const summary = await transcoder.run(loudnessArguments(file, track), {
      folder,
      signal,
      onLine: () => undefined,
    });
    return changeOf(readLoudness(summary), loudnessLufs);
  } catch (error) {
    // A track that can't be decoded to its end is left to the encoder.
    if (error instanceof UnprocessableVideoError) return undefined;
    throw error;
  }
}

/** Reads the last summary of ffmpeg's ebur128 filter, which also writes one of no sound when it starts; undefined without one. */
export function readLoudness(text: string): MeasuredSound | undefined {
  const summary = text.slice(text.lastIndexOf("Summary:"));
  const [, lufs] = /\bI:\s+(-?[\d.]+) LUFS/.exec(summary) ?? [];
  const [, peak] = /\bPeak:\s+(-?[\d.]+) dBFS/.exec(summary) ?? [];
  return lufs === undefined || peak === undefined ? undefined : { lufs: Number(lufs), peakDb: Number(peak) };
}

/** The change that a sound needs; undefined for silence. */
export function changeOf(measured: MeasuredSound | undefined, targetLufs: number): Loudness | undefined {
  if (measured === undefined || measured.lufs <= SILENCE_LUFS) return undefined;
  const gainDb = Math.min(MAX_GAIN_DB, targetLufs - measured.lufs);
  return { gainDb, limitDb: measured.peakDb + gainDb > PEAK_DB ? PEAK_DB : undefined };
}
