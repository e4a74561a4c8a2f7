import type { FailureCode } from "../media/failure-reasons";
import { UnprocessableVideoError } from "./errors";

/** A video as displayed: with rotation applied and square pixels. */
export interface Source {
  /** Index of the video stream. */
  readonly video: number;
  /** Tracks of sound that can be decoded, the default first. */
  readonly sounds: readonly SoundTrack[];
  /** Tracks of text subtitles. */
  readonly subtitles: readonly Track[];
  readonly chapters: readonly Chapter[];
  readonly width: number;
  readonly height: number;
  /** Length in the file's header; browsers and live streams write none, and others may be wrong. */
  readonly statedSeconds: number | undefined;
  /** Frames per second as ffmpeg's fraction: `30000/1001`. */
  readonly frameRate: string;
  readonly colour: SourceColour;
  /** Lines of the coded picture. */
  readonly lines: number;
  /** Whether the header says that frames have two fields. */
  readonly interlaced: boolean;
  /** Whether the size of the picture can change within the file. */
  readonly resizable: boolean;
  /** Whether the format is also one of pictures, such as GIF: with one frame it is no video. */
  readonly pictureFormat: boolean;
}

/** A track as its file describes it. */
export interface Track {
  /** Index of the stream. */
  readonly index: number;
  /** Language in RFC 5646; undefined if the file has none. */
  readonly language: string | undefined;
  readonly title: string | undefined;
}

export interface SoundTrack extends Track {
  /** Second stream, for a stereo pair of mono tracks. */
  readonly pair?: number;
}

export interface Chapter {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly title: string;
}

/** How the numbers of a picture become colours, as ffmpeg names it; undefined without a tag. */
export interface SourceColour {
  /** Pixel format. */
  readonly format: string;
  readonly matrix: string | undefined;
  readonly transfer: string | undefined;
  readonly primaries: string | undefined;
  readonly range: string | undefined;
}

/** Allowed demuxers, which only read the file itself; no playlists, file lists, images or raw streams. */
export const DEMUXERS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mxf,gif";

/** Maximum pixels of a coded picture, which is decoded before scaling. */
export const MAX_PIXELS = 8_192 * 4_352;
/** Maximum frames per second. */
const MAX_FRAME_RATE = 60;
const MIN_FRAME_RATE = 1;
/** Lower average rates may be from videos with still parts, which are faster where they move. */
const MIN_USUAL_FRAME_RATE = 23;
const DEFAULT_FRAME_RATE = "30";

/** Most tracks of sound, and of subtitles. */
const MAX_TRACKS = 8;
/** Subtitles of text, which become WebVTT; others are pictures. */
const TEXT_CODECS = ["subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text"];
/** Language tags of files without a language. */
const NO_LANGUAGES = ["und", "unk", "zxx", "mis", "mul"];

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
  readonly pix_fmt?: string;
  readonly color_space?: string;
  readonly color_transfer?: string;
  readonly color_primaries?: string;
  readonly color_range?: string;
  /** Average frame rate. */
  readonly avg_frame_rate?: string;
  /** Lowest rate that represents all frames. */
  readonly r_frame_rate?: string;
  readonly field_order?: string;
  readonly channels?: number;
  readonly disposition?: { readonly attached_pic?: number; readonly default?: number };
  readonly tags?: { readonly rotate?: string; readonly language?: string; readonly title?: string };
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

interface Probed {
  readonly streams?: readonly Stream[];
  readonly format?: { readonly duration?: string; readonly format_name?: string };
  readonly chapters?: readonly {
    readonly start_time?: string;
    readonly end_time?: string;
    readonly tags?: { readonly title?: string };
  }[];
}

/**
 * Parses ffprobe's JSON (`-show_format -show_streams -show_chapters`); throws `UnprocessableVideoError` if it is not a
 * video.
 */
export function readProbe(probed: unknown): Source {
  const { streams = [], format, chapters = [] } = (probed ?? {}) as Probed;
  const video = chosen(
    streams.filter(
      ({ codec_type, disposition }) => codec_type === "video" && disposition?.attached_pic !== 1,
    ),
  );
  if (video === undefined) throw new UnprocessableVideoError(withoutVideo(streams));
  const container = format?.format_name ?? "";
  return {
    ...shown(video),
    video: video.index ?? 0,
    sounds: soundTracks(streams, container),
    subtitles: subtitleTracks(streams),
    chapters: chapters.map((chapter, number) => ({
      startSeconds: Number(chapter.start_time),
      endSeconds: Number(chapter.end_time),
      title: chapter.tags?.title ?? String(number + 1),
    })),
    statedSeconds: [format?.duration, video.duration].map(Number).find((seconds) => seconds > 0),
    frameRate: frameRate(video),
    colour: colourOf(video),
    lines: video.height ?? 0,
    interlaced: /^(?:tt|bb|tb|bt)$/.test(video.field_order ?? ""),
    resizable: !container.includes("mp4"),
    pictureFormat: container === "gif",
  };
}

function withoutVideo(streams: readonly Stream[]): FailureCode {
  return streams.some(({ codec_type }) => codec_type === "audio") ? "sound" : "noVideo";
}

function soundTracks(streams: readonly Stream[], container: string): SoundTrack[] {
  const sounds = streams.filter(
    (stream) =>
      stream.codec_type === "audio" && stream.codec_name !== undefined && (stream.channels ?? 0) > 0,
  );
  const first = chosen(sounds);
  if (first === undefined) return [];
  // Broadcasters store the channels of a sound as one mono track each.
  const mono = sounds.filter(({ channels }) => channels === 1);
  if (container === "mxf" && mono.length >= 2 && first.channels === 1) {
    const [left, right] = mono.map(trackOf);
    return left === undefined ? [] : [right === undefined ? left : { ...left, pair: right.index }];
  }
  return [first, ...sounds.filter((sound) => sound !== first)].slice(0, MAX_TRACKS).map(trackOf);
}

function subtitleTracks(streams: readonly Stream[]): Track[] {
  const texts = streams.filter(
    ({ codec_type, codec_name = "" }) => codec_type === "subtitle" && TEXT_CODECS.includes(codec_name),
  );
  return texts.slice(0, MAX_TRACKS).map(trackOf);
}

function trackOf({ index = 0, tags }: Stream): Track {
  const language = tags?.language?.toLowerCase();
  return {
    index,
    language: language === undefined || NO_LANGUAGES.includes(language) ? undefined : language,
    title: tags?.title?.trim() || undefined,
  };
}

function colourOf(video: Stream): SourceColour {
  const tag = (value: string | undefined): string | undefined =>
    value === "unknown" || value === "unspecified" || value === "reserved" ? undefined : value;
  return {
    format: video.pix_fmt ?? "",
    matrix: tag(video.color_space),
    transfer: tag(video.color_transfer),
    primaries: tag(video.color_primaries),
    range: tag(video.color_range),
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
  if (isVariable(video, { mean, finest })) return video.r_frame_rate ?? DEFAULT_FRAME_RATE;
  return mean < MIN_FRAME_RATE ? String(MIN_FRAME_RATE) : (video.avg_frame_rate ?? DEFAULT_FRAME_RATE);
}

/**
 * Whether frames come at varying times, as in a screen recording. Fields and repeated fields also have a finer rate, of
 * 2 and 1.25 times the frames.
 */
function isVariable({ field_order }: Stream, { mean, finest }: { mean: number; finest: number }): boolean {
  const ratio = finest / mean;
  const fields = [1.25, 2].some((usual) => Math.abs(ratio - usual) < 0.02);
  return (
    finest <= MAX_FRAME_RATE && ratio > 1.02 && !fields && (field_order ?? "progressive") === "progressive"
  );
}

/** Frames per second of a fraction; NaN without a rate. */
export function rateOf(fraction = ""): number {
  const [frames = NaN, seconds = 1] = fraction.split("/").map(Number);
  return frames / seconds;
}
