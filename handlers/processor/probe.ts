import { Poison } from "./failures";

/** A video as it is shown: turned as its rotation says, its pixels made square. */
export interface Source {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  /** Frames for each second, as ffmpeg writes a fraction: `30000/1001`. */
  readonly frameRate: string;
  readonly hasAudio: boolean;
  readonly interlaced: boolean;
}

/** Demuxers that read a file and nothing else; no playlist, no list of files, no image, no raw stream. */
export const FORMATS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mxf";

/** What one processor can be asked to do with one upload. */
const LIMITS = { pixels: 8_192 * 4_352, hours: 12 };
const FASTEST = 60;

interface Stream {
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: string;
  readonly sample_aspect_ratio?: string;
  readonly avg_frame_rate?: string;
  readonly field_order?: string;
  readonly channels?: number;
  readonly disposition?: { readonly attached_pic?: number };
  readonly tags?: { readonly rotate?: string };
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

/** Reads what ffprobe says in JSON with `-show_format -show_streams`; throws `Poison` when that is no video. */
export function readProbe(probed: unknown): Source {
  const { streams = [], format } = (probed ?? {}) as {
    streams?: readonly Stream[];
    format?: { readonly duration?: string };
  };
  const videos = streams.filter(({ codec_type }) => codec_type === "video");
  const video = videos.find(({ disposition }) => disposition?.attached_pic !== 1);
  if (video === undefined) throw new Poison("The file has no video in it.");
  const { width, height } = shown(video);
  if (!(width >= 2 && height >= 2))
    throw new Poison("The video has no picture: its width or height is missing.");
  if (width * height > LIMITS.pixels) {
    throw new Poison(`The picture of ${width} × ${height} pixels is too large: the largest is 8192 × 4352.`);
  }
  const durationSeconds = [format?.duration, video.duration].map(Number).find((seconds) => seconds > 0);
  if (durationSeconds === undefined) throw new Poison("The video has no length: it may have been cut off.");
  if (durationSeconds > LIMITS.hours * 3_600) {
    throw new Poison(`The video is longer than ${LIMITS.hours} hours.`);
  }
  return {
    width,
    height,
    durationSeconds,
    frameRate: frameRate(video.avg_frame_rate),
    hasAudio: streams.some(({ codec_type, channels }) => codec_type === "audio" && (channels ?? 0) > 0),
    interlaced: /^(?:tt|bb|tb|bt)$/.test(video.field_order ?? ""),
  };
}

function shown(video: Stream): { width: number; height: number } {
  const { width = 0, height = 0 } = video;
  const [x = 1, y = 1] = (video.sample_aspect_ratio ?? "1:1").split(":").map(Number);
  const wide = x > 0 && y > 0 ? Math.round((width * x) / y) : width;
  const turned = video.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation;
  const degrees = Math.abs(turned ?? Number(video.tags?.rotate ?? 0));
  return degrees % 180 === 90 ? { width: height, height: wide } : { width: wide, height };
}

function frameRate(text = ""): string {
  const [frames = 0, seconds = 0] = text.split("/").map(Number);
  const rate = frames / seconds;
  if (!(rate >= 1)) return "30";
  return rate > FASTEST ? String(FASTEST) : text;
}
