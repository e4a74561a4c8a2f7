import { join } from "node:path";
import { readProbe } from "../../handlers/processor/probe";
import { ffprobe } from "../../harness/clips";
import { decode, difference } from "./inspect-stream";

/** How a frame of a stream differs from that of its source. */
export interface FrameComparison {
  /** Structural similarity, 1 for equal pictures. */
  readonly ssim: number;
  /** Mean difference of red, green and blue, of 255. */
  readonly colourError: number;
}

interface ColourStream {
  readonly index: number;
  readonly height?: number;
  readonly color_space?: string;
  readonly color_transfer?: string;
  readonly color_range?: string;
  readonly pix_fmt?: string;
}

/** Most seconds of a video that are decoded for its reference frame. */
const REFERENCE_SECONDS = 2;
/** Size of the compared pictures in pixels. */
const COMPARED_SIZE = "640:360";
/** Frames per second in which the reference frame is looked for, so that a still picture has one at every time. */
const COMPARED_RATE = 10;
const HDR_TRANSFERS = ["smpte2084", "arib-std-b67"];

/**
 * Compares the reference frame of a source with that of a rung of its stream, as a player shows both by their tags.
 * Undefined for a source in high dynamic range, whose tones are mapped, and for one that ffmpeg can't compare.
 */
export function compareFrame(file: string, rung: string, seconds: number): FrameComparison | undefined {
  const probed = ffprobe("-show_format", "-show_streams", file) as { streams: ColourStream[] };
  const source = probed.streams.find(({ index }) => index === readProbe(probed).video);
  const [made] = (ffprobe("-select_streams", "v", "-show_streams", rung) as { streams: ColourStream[] })
    .streams;
  if (source === undefined || made === undefined || HDR_TRANSFERS.includes(source.color_transfer ?? ""))
    return undefined;
  const time = seconds < 1 ? 0 : Math.min(REFERENCE_SECONDS, seconds / 2);
  const filter = (stream: ColourStream): string =>
    `${frameAt(time)},scale=${COMPARED_SIZE}:in_color_matrix=${matrixOf(stream)}`;
  const bytes = (path: string, map: string, stream: ColourStream): Buffer =>
    decode(
      ...["-v", "error", "-i", path, "-map", map, "-vf", `${filter(stream)},setsar=1`, "-frames:v", "1"],
      ...["-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
    ).output;
  const [one, other] = [bytes(file, `0:${source.index}`, source), bytes(rung, "0:v", made)];
  if (one.length !== other.length || one.length === 0) return undefined;
  return {
    ssim: similarity(file, rung, { time, map: `0:${source.index}` }),
    colourError: difference(one, other),
  };
}

function frameAt(time: number): string {
  return `fps=${COMPARED_RATE}:start_time=0,select='gte(t,${time})'`;
}

/** The matrix by which a player converts a picture, by its tag or its size. */
function matrixOf({ color_space, height = 0, pix_fmt = "" }: ColourStream): string {
  if (/^(gbr|rgb|bgr|pal8)/.test(pix_fmt)) return "auto";
  if (color_space === "bt709") return "bt709";
  if (["smpte170m", "bt470bg"].includes(color_space ?? "")) return "bt601";
  return height >= 720 && !pix_fmt.startsWith("yuvj") ? "bt709" : "bt601";
}

function similarity(file: string, rung: string, { time, map }: { time: number; map: string }): number {
  const first = `${frameAt(time)},scale=${COMPARED_SIZE},setsar=1,format=gray,setpts=N`;
  const { log } = decode(
    ...[
      "-i",
      file,
      "-i",
      rung,
      "-lavfi",
      `[${map}]${first}[a];[1:v]${first}[b];[a][b]ssim[o]`,
      "-map",
      "[o]",
    ],
    ...["-frames:v", "1", "-f", "null", "-"],
  );
  return Number(/SSIM .*All:([\d.]+)/.exec(log)?.[1]);
}

/** Path of a stream's largest rung. */
export function largestRung(stream: string, master: string): string {
  return join(stream, /^#EXT-X-STREAM-INF:.*\n(.*)$/m.exec(master)?.[1] ?? "");
}
