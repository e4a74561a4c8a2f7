import { rateOf, type Source } from "./probe";

/**
 * What the frames of a source consist of: whole pictures, two fields by their header, two fields without a header, or a
 * film's pictures that were spread over fields.
 */
export type Fields = "none" | "flagged" | "interlaced" | "telecined";

/** Lines of television, whose pictures may be interlaced. */
const TELEVISION_LINES = [480, 486, 512, 576, 608, 1_080, 1_088];
/** Interlaced pictures have at most 30 frames a second, telecined ones 30. */
const MAX_INTERLACED_RATE = 31;
const MIN_TELECINED_RATE = 29;
/** Share of the frames that must show two fields. */
const MIN_COMBED = 0.2;
/** Frames of which a telecined film shows one twice. */
const TELECINE_CYCLE = 5;
/** A repeated frame differs from the one before by less than this share of the others' difference. */
const REPEATED_DIFFERENCE = 0.3;
/** Share of the cycles that must have a repeated frame. */
const MIN_REPEATED = 0.7;

/** Whether frames should be decoded to find out what they consist of. */
export function mayHaveFields({ interlaced, lines, frameRate }: Source): boolean {
  return interlaced || (TELEVISION_LINES.includes(lines) && rateOf(frameRate) <= MAX_INTERLACED_RATE);
}

/** Whether frames that show two fields may be of a telecined film. */
export function mayBeTelecined({ frameRate }: Source): boolean {
  const rate = rateOf(frameRate);
  return rate >= MIN_TELECINED_RATE && rate <= MAX_INTERLACED_RATE;
}

/** Reads the summary that ffmpeg's idet filter writes; the header decides if it saw too little. */
export function fieldsIn(log: string, { interlaced }: Source): Fields {
  const [, summary = ""] = /Multi frame detection:(.*)/.exec(log) ?? [];
  const [top = 0, bottom = 0, progressive = 0] = [...summary.matchAll(/\d+/g)].map(Number);
  // Fields have one order; in noise, idet sees both.
  const combed = Math.abs(top - bottom) / Math.max(1, top + bottom + progressive);
  if (combed >= MIN_COMBED) return "interlaced";
  return interlaced ? "flagged" : "none";
}

/** Whether one in five frames repeats the one before it, after fields were matched. */
export function isTelecined(differences: readonly number[]): boolean {
  const cycles = Array.from({ length: Math.floor(differences.length / TELECINE_CYCLE) }, (_, cycle) =>
    differences.slice(cycle * TELECINE_CYCLE, (cycle + 1) * TELECINE_CYCLE).sort((one, other) => one - other),
  );
  const repeating = cycles.filter(([least = 0, next = 0]) => least < next * REPEATED_DIFFERENCE);
  return cycles.length > 0 && repeating.length / cycles.length >= MIN_REPEATED;
}
