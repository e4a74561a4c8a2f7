/**
 * Why an upload or its processing failed, in English, by code. A word in braces is a number. The registry stores the
 * sentence; answers also contain its code and numbers, for programs that translate it.
 */
export const FAILURE_REASONS = {
  aborted: "The upload was aborted.",
  archive: "The file is a compressed archive, not a video: upload the video in it.",
  damagedSound: "A part of the sound can't be decoded: the file is damaged or of an unusual kind.",
  document: "The file is a document, not a video.",
  empty: "The file is empty.",
  encrypted: "The video is encrypted: upload it without copy protection.",
  expired: "The upload was not completed within 7 days.",
  gone: "The uploaded file no longer exists.",
  incomplete: "The video is incomplete: the file was cut off or is damaged.",
  interrupted:
    "Processing was interrupted several times. Our team was notified; you don't need to upload the file again.",
  noPicture: "The video has no picture: the file was cut off or is damaged.",
  noPictureSize: "The video has no picture: its width or height is missing.",
  noVideo: "The file contains no video.",
  notProcessed:
    "Processing failed several times. Our team was notified; you don't need to upload the file again.",
  notStarted:
    "Processing did not start within {hours} hours. Try again; you don't need to upload the file again.",
  picture: "The file is a picture, not a video.",
  playlist: "The file is a playlist, not a video: upload the video itself.",
  sound: "The file contains only sound: upload a file with a picture.",
  text: "The file is a text file, not a video.",
  tooLarge: "The picture of {width} × {height} pixels is too large: the largest is 8192 × 4352.",
  tooLong: "The video is longer than {hours} hours.",
  tooSlow:
    "Processing the video takes longer than {hours} hours: upload it in a smaller size or shorter parts.",
  tooMuchMemory:
    "The video needs more than the {mebibytes} MiB of memory that are allowed: upload it in a smaller size.",
  truncated: "The video ends after {seconds} of {promised} seconds: the file was cut off or is damaged.",
  undecodable: "The video can't be decoded: the file is damaged or of an unusual kind.",
  unreadable: "This file format is not supported.",
} as const;

export type FailureCode = keyof typeof FAILURE_REASONS;
export const FAILURE_CODES = Object.keys(FAILURE_REASONS) as FailureCode[];

/** Numbers of a reason, by their words in braces. */
export type FailureValues = Readonly<Record<string, number>>;

/** The sentence of a reason. */
export function failureReason(code: FailureCode, values: FailureValues = {}): string {
  return fillIn(FAILURE_REASONS[code], values);
}

/** A template with its numbers; a word without a number stays. */
export function fillIn(template: string, values: FailureValues): string {
  return template.replace(/\{(\w+)\}/g, (word, name: string) => String(values[name] ?? word));
}

/** Why a media failed, for programs. */
export interface Failure {
  /** `unknown` for a sentence that an earlier version stored. */
  readonly code: FailureCode | "unknown";
  readonly values: FailureValues;
}

/** The code and the numbers of a stored sentence; null without one. */
export function failureOf(text: string | null): Failure | null {
  if (text === null) return null;
  for (const [code, template] of Object.entries(FAILURE_REASONS)) {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const pattern = template
      .split(/\{\w+\}/)
      .map(escaped)
      .join("(\\d+)");
    const found = new RegExp(`^${pattern}$`).exec(text);
    if (found === null) continue;
    const values = Object.fromEntries(names.map((name, index) => [name, Number(found[index + 1])]));
    return { code: code as FailureCode, values };
  }
  return { code: "unknown", values: {} };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
