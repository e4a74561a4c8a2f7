import { UnprocessableVideoError } from "./errors";

/** A video as it is shown: turned as its rotation says, its pixels made square. */
export interface Source {
  /** Index of the stream in the file that is the picture. */
  readonly video: number;
  /** Index of the stream in the file that is the sound, where there is one that can be decoded. */
  readonly audio: number | undefined;
  readonly width: number;
  readonly height: number;
  /** What the file says of its length; browsers and live streams write none, and others may be wrong. */
  readonly statedSeconds: number | undefined;
  /** Frames for each second, as ffmpeg writes a fraction: `30000/1001`. */
  readonly frameRate: string;
  readonly interlaced: boolean;
}

/** Demuxers that read a file and nothing else; no playlist, no list of files, no image, no raw stream. */
export const DEMUXERS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mxf";

/** Most pixels of a picture as it is coded: it is decoded before its shape is changed. */
export const MAX_PIXELS = 8_192 * 4_352;
/** Frames for each second. */
const MAX_FRAME_RATE = 60;
const MIN_FRAME_RATE = 1;
/** A lower mean rate may be that of a video that stands still at times, and is faster where it moves. */
const MIN_USUAL_FRAME_RATE = 23;
const DEFAULT_FRAME_RATE = "30";

interface Stream {
  readonly index?: number;
  readonly codec_type?: string;
  /** Not there when ffmpeg does not know the codec. */
  readonly codec_name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly coded_width?: number;
  readonly coded_height?: number;
  readonly duration?: string;
  readonly sample_aspect_ratio?: string;
  /** Frames by time. */
  readonly avg_frame_rate?: string;
  /** The lowest rate that has a place for every frame. */
  readonly r_frame_rate?: string;
  readonly field_order?: string;
  readonly channels?: number;
  readonly disposition?: { readonly attached_pic?: number; readonly default?: number };
  readonly tags?: { readonly rotate?: string };
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

/** Reads what ffprobe says in JSON with `-show_format -show_streams`; throws `UnprocessableVideoError` when that is no video. */
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
  if (video === undefined) throw new UnprocessableVideoError("The file has no video in it.");
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

/** The one that players show or play: which is marked as default, else the first; before those of unknown codecs. */
function chosen(streams: readonly Stream[]): Stream | undefined {
  const known = streams.filter(({ codec_name }) => codec_name !== undefined);
  const candidates = known.length > 0 ? known : streams;
  return candidates.find(({ disposition }) => disposition?.default === 1) ?? candidates[0];
}

function shown(video: Stream): { width: number; height: number } {
  const { width = 0, height = 0, coded_width = 0, coded_height = 0 } = video;
  if (!(width >= 2 && height >= 2))
    throw new UnprocessableVideoError("The video has no picture: its width or height is missing.");
  if (Math.max(width * height, coded_width * coded_height) > MAX_PIXELS) {
    throw new UnprocessableVideoError(
      `The picture of ${width} × ${height} pixels is too large: the largest is 8192 × 4352.`,
    );
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

/** Frames for each second; NaN when there is no rate. */
export function rateOf(fraction = ""): number {
  const [frames = NaN, seconds = 1] = fraction.split("/").map(Number);
  return frames / seconds;
}
