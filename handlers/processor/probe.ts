import { UnprocessableVideoError } from "./errors";

/** A video as displayed: with rotation applied and square pixels. */
export interface Source {
  /** Index of the video stream. */
  readonly video: number;
  /** Index of the audio stream, if there is a decodable one. */
  readonly audio: number | undefined;
  readonly width: number;
  readonly height: number;
  /** Length in the file's header; browsers and live streams write none, and others may be wrong. */
  readonly statedSeconds: number | undefined;
  /** Frames per second as ffmpeg's fraction: `30000/1001`. */
  readonly frameRate: string;
  readonly interlaced: boolean;
}

/** Allowed demuxers, which only read the file itself; no playlists, file lists, images or raw streams. */
export const DEMUXERS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mxf";

/** Maximum pixels of a coded picture, which is decoded before scaling. */
export const MAX_PIXELS = 8_192 * 4_352;
/** Maximum frames per second. */
const MAX_FRAME_RATE = 60;
const MIN_FRAME_RATE = 1;
/** Lower average rates may be from videos with still parts, which are faster where they move. */
const MIN_USUAL_FRAME_RATE = 23;
const DEFAULT_FRAME_RATE = "30";

interface Stream {
  readonly index?: number;
  readonly codec_type?: string;
  /** Undefined if ffmpeg does not know the codec. */
  readonly codec_name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly coded_width?: number;
  readonly coded_height?: number;
  readonly duration?: string;
  readonly sample_aspect_ratio?: string;
  /** Average frame rate. */
  readonly avg_frame_rate?: string;
  /** Lowest rate that represents all frames. */
  readonly r_frame_rate?: string;
  readonly field_order?: string;
  readonly channels?: number;
  readonly disposition?: { readonly attached_pic?: number; readonly default?: number };
  readonly tags?: { readonly rotate?: string };
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

/** Parses ffprobe's JSON (`-show_format -show_streams`); throws `UnprocessableVideoError` if it is not a video. */
export function readProbe(probed: unknown): Source {
  const { streams = [], format } = (probed ?? {}) as {
    streams?: readonly Stream[];
    format?: { readonly duration?: string };
  };
  const video = chosen(
    streams.filter(
      ({ codec_type, disposition }) => codec_type === "video" && disposition?.attached_pic !== 1,
    ),
  );
  if (video === undefined) throw new UnprocessableVideoError("noVideo");
  const audio = chosen(
    streams.filter(
      ({ codec_type, codec_name, channels = 0 }) =>
        codec_type === "audio" && codec_name !== undefined && channels > 0,
    ),
  );
  return {
    ...shown(video),
    video: video.index ?? 0,
    audio: audio?.index,
    statedSeconds: [format?.duration, video.duration].map(Number).find((seconds) => seconds > 0),
    frameRate: frameRate(video),
    interlaced: /^(?:tt|bb|tb|bt)$/.test(video.field_order ?? ""),
  };
}

/** The stream that players use: the default, else the first; known codecs before unknown ones. */
function chosen(streams: readonly Stream[]): Stream | undefined {
  const known = streams.filter(({ codec_name }) => codec_name !== undefined);
  const candidates = known.length > 0 ? known : streams;
  return candidates.find(({ disposition }) => disposition?.default === 1) ?? candidates[0];
}

function shown(video: Stream): { width: number; height: number } {
  const { width = 0, height = 0, coded_width = 0, coded_height = 0 } = video;
  if (!(width >= 2 && height >= 2)) throw new UnprocessableVideoError("noPictureSize");
  if (Math.max(width * height, coded_width * coded_height) > MAX_PIXELS) {
    throw new UnprocessableVideoError("tooLarge", { width, height });
  }
  const [x = 1, y = 1] = (video.sample_aspect_ratio ?? "1:1").split(":").map(Number);
  const wide = x > 0 && y > 0 ? Math.max(2, Math.round((width * x) / y)) : width;
  const turned = video.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation;
  const degrees = Math.abs(turned ?? Number(video.tags?.rotate ?? 0));
  return degrees % 180 === 90 ? { width: height, height: wide } : { width: wide, height };
}

function frameRate(video: Stream): string {
  const [mean, finest] = [rateOf(video.avg_frame_rate), rateOf(video.r_frame_rate)];
  if (!(mean > 0))
    return finest >= MIN_FRAME_RATE && finest <= MAX_FRAME_RATE
      ? (video.r_frame_rate ?? DEFAULT_FRAME_RATE)
      : DEFAULT_FRAME_RATE;
  if (mean > MAX_FRAME_RATE) return String(MAX_FRAME_RATE);
  if (mean < MIN_USUAL_FRAME_RATE && finest > MAX_FRAME_RATE) return DEFAULT_FRAME_RATE;
  if (mean < MIN_USUAL_FRAME_RATE && finest > mean && finest >= MIN_FRAME_RATE)
    return video.r_frame_rate ?? DEFAULT_FRAME_RATE;
  return mean < MIN_FRAME_RATE ? String(MIN_FRAME_RATE) : (video.avg_frame_rate ?? DEFAULT_FRAME_RATE);
}

/** Frames per second of a fraction; NaN without a rate. */
export function rateOf(fraction = ""): number {
  const [frames = NaN, seconds = 1] = fraction.split("/").map(Number);
  return frames / seconds;
}
