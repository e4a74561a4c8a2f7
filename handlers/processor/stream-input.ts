import type { Encoding } from "./ffmpeg-arguments";
import type { Lengths } from "./lengths";
import type { Transcoder } from "./ports";
import type { Source } from "./probe";

/** A probed source, with the folder of its stream. */
export interface StreamInput {
  /** Path of the source. */
  readonly file: string;
  readonly source: Source;
  readonly lengths: Lengths;
  /** Folder of the stream. */
  readonly output: string;
  /** Bytes that the stream may have. */
  readonly maxBytes: number;
}

export interface StreamOptions {
  readonly transcoder: Transcoder;
  readonly encoding: Encoding;
  readonly signal: AbortSignal;
  /** Reports the share that is transcoded, 0 to 1. */
  readonly report: (share: number) => void;
}
