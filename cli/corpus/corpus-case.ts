import type { FailureCode } from "../../handlers/media/failure-reasons";
import type { Encoding } from "../../handlers/processor/ffmpeg-arguments";
import type { SourceFolder } from "./source-folder";

/** Two bounds of a number, both included. */
export type Range = readonly [least: number, most: number];

/** What a stream must be like. A field that is not given is not checked. */
export interface ReadyExpectation {
  readonly outcome: "ready";
  /** Length of the decoded picture in seconds. */
  readonly seconds: Range;
  /** Number of sound renditions. */
  readonly soundTracks: number;
  /** Languages of the sound renditions, in their order. */
  readonly soundLanguages?: readonly string[];
  /** Size of the largest rung. */
  readonly size?: readonly [width: number, height: number];
  /** Number of subtitle renditions. */
  readonly subtitles?: number;
  /** Number of chapters. */
  readonly chapters?: number;
  /** Decoded frames per second of the largest rung. */
  readonly frameRate?: Range;
  /** Seconds by which the sound comes after the picture, by flashes and beeps. */
  readonly syncOffset?: Range;
  /** Level of the sound's loudest second, in dBFS. */
  readonly soundLevel?: Range;
  /** Integrated loudness of the first sound, in LUFS. */
  readonly loudness?: Range;
  /** Number of sizes in AV1; their pictures last as long as the largest one. */
  readonly av1Sizes?: number;
  /** Whether there is an MP4 for downloads, with the picture and all sounds; none by default. */
  readonly download?: boolean;
  /** Least structural similarity of the reference frame. */
  readonly leastSsim?: number;
  /** Mean difference of the reference frame's colours, of 255. */
  readonly mostColourError?: number;
  /** Mean red, green and blue of the poster. */
  readonly posterColour?: readonly [red: Range, green: Range, blue: Range];
  /** Mean red, green and blue of parts of the picture at a time; parts are `width:height:x:y` as in ffmpeg's crop. */
  readonly colours?: readonly {
    readonly at: number;
    readonly part: string;
    readonly colour: readonly [red: Range, green: Range, blue: Range];
  }[];
  /** Most of the frames, as a share, that show two fields. */
  readonly mostCombed?: number;
  /** Most seconds of CPU time per second of the stream. */
  readonly mostCpuPerSecond?: number;
  /** The notice that the stream is shorter than its file promised. */
  readonly damaged?: boolean;
}

export interface FailedExpectation {
  readonly outcome: "failed";
  readonly code: FailureCode;
}

/** A kind of file that people upload, and what must become of it. */
export interface CorpusCase {
  readonly name: string;
  /** What is special about the file, in one sentence. */
  readonly about: string;
  readonly extension: string;
  /** Public reports of such files. */
  readonly reports?: readonly string[];
  /** How the stream is encoded, where it differs from the others. */
  readonly encoding?: Partial<Encoding>;
  /** Writes the file. */
  readonly make: (folder: SourceFolder) => void;
  readonly expected: ReadyExpectation | FailedExpectation;
}

const ANY: Range = [0, 255];
export const NOT_RED: NonNullable<ReadyExpectation["posterColour"]> = [[0, 190], ANY, [40, 255]];

/** A length in seconds with a tolerance of half a second. */
export function about(seconds: number, tolerance = 0.5): Range {
  return [seconds - tolerance, seconds + tolerance];
}
