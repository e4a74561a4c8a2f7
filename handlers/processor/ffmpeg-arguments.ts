import type { Rung } from "./ladder";
import { FORMATS, type Source } from "./probe";
import type { Sprite } from "./sprite";

export interface Quality {
  /** How long x264 thinks: its presets, from `ultrafast` to `veryslow`. */
  readonly preset: string;
  /** Threads of each encoder. */
  readonly threads: number;
}

export interface Plan {
  /** Path of the source. */
  readonly file: string;
  readonly source: Source;
  readonly ladder: readonly Rung[];
  readonly sprite: Sprite;
  readonly quality: Quality;
}

/** Seconds from one key frame to the next, and of a segment: a player changes sizes there. */
export const SEGMENT = 4;
export const AUDIO_KILOBITS = 128;
/** Seconds of the video from one line of progress to the next: `frame:… pts:… pts_time:<seconds>`. */
const PACE = 0.5;

/** Nothing is opened but this file: no address, no list of files, whatever the file says. */
export function inputArguments(file: string): string[] {
  return ["-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i", `file:${file}`];
}

/** Where the poster is taken from, in seconds: behind what is often black. */
export function posterTime(durationSeconds: number): number {
  return Math.min(durationSeconds * 0.1, 10);
}

/**
 * One run of ffmpeg in the folder of the output: `master.m3u8`, a folder for each rung and one for the sound,
 * `poster.jpg` and `sprite.jpg`. Every rung is made of the same frames, so that their key frames are at the same times.
 */
export function transcodeArguments(plan: Plan): string[] {
  const { file, source, ladder, quality } = plan;
  const maps = ladder.flatMap((_, index) => ["-map", `[v${index}]`]);
  return [
    ...["-hide_banner", "-nostdin", "-nostats", "-y", "-loglevel", "error", "-progress", "pipe:1"],
    ...inputArguments(file),
    ...["-filter_complex_threads", String(quality.threads), "-filter_complex", filters(plan)],
    ...maps,
    ...(source.hasAudio ? ["-map", "0:a:0"] : []),
    ...["-map_metadata", "-1", "-map_chapters", "-1"],
    ...videoArguments(source, ladder, quality),
    ...(source.hasAudio ? ["-c:a", "aac", "-b:a", `${AUDIO_KILOBITS}k`, "-ac", "2", "-ar", "48000"] : []),
    ...hlsArguments(source, ladder),
    ...["-map", "[poster]", "-frames:v", "1", "-q:v", "3", "-update", "1", "poster.jpg"],
    ...["-map", "[sprite]", "-frames:v", "1", "-q:v", "5", "-update", "1", "sprite.jpg"],
    ...["-map", "[done]", "-f", "null", "-"],
  ];
}

/** One frame for so many seconds of the video. */
function each(seconds: number): string {
  return `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${seconds})'`;
}

function filters({ source, ladder, sprite }: Plan): string {
  const names = ladder.map((_, index) => `[s${index}]`).join("");
  const [largest] = ladder;
  const scale = (width: number, height: number): string => `scale=${width}:${height},setsar=1`;
  const deinterlace = source.interlaced ? "yadif=deint=interlaced," : "";
  return [
    `[0:v:0]${deinterlace}fps=${source.frameRate},split=${ladder.length + 3}${names}[p][t][q]`,
    ...ladder.map(
      ({ width, height }, index) => `[s${index}]${scale(width, height)},format=yuv420p[v${index}]`,
    ),
    `[p]select='gte(t,${posterTime(source.durationSeconds)})',` +
      `${scale(largest?.width ?? 2, largest?.height ?? 2)},format=yuvj420p[poster]`,
    `[t]${each(sprite.interval)},` +
      `${scale(sprite.width, sprite.height)},tile=${sprite.columns}x${sprite.rows},format=yuvj420p[sprite]`,
    // ffmpeg reports nothing of its own before every output has begun, and the sprite is written at the end.
    `[q]${each(PACE)},metadata=add:key=done:value=1,metadata=print:file=-:direct=1[done]`,
  ].join(";");
}

function videoArguments(source: Source, ladder: readonly Rung[], quality: Quality): string[] {
  const [frames = 30, seconds = 1] = source.frameRate.split("/").map(Number);
  return [
    ...["-c:v", "libx264", "-preset", quality.preset, "-crf", "21", "-profile:v", "high"],
    ...["-threads", String(quality.threads)],
    // Key frames at these times and, but for very long intervals, nowhere else.
    ...["-force_key_frames", `expr:gte(t,n_forced*${SEGMENT})`, "-sc_threshold", "0"],
    ...["-g", String(Math.ceil((frames / seconds) * SEGMENT * 2))],
    ...ladder.flatMap(({ kilobits }, index) => [
      ...[`-maxrate:v:${index}`, `${kilobits}k`, `-bufsize:v:${index}`, `${kilobits * 2}k`],
    ]),
  ];
}

function hlsArguments(source: Source, ladder: readonly Rung[]): string[] {
  const group = source.hasAudio ? ",agroup:audio" : "";
  const streams = ladder.map(({ name }, index) => `v:${index}${group},name:${name}`);
  if (source.hasAudio) streams.push("a:0,agroup:audio,default:yes,name:audio");
  return [
    ...["-f", "hls", "-hls_time", String(SEGMENT), "-hls_playlist_type", "vod"],
    ...["-hls_segment_type", "fmp4", "-hls_flags", "independent_segments"],
    ...["-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", "%v/segment_%05d.m4s"],
    ...["-master_pl_name", "master.m3u8", "-var_stream_map", streams.join(" "), "%v/index.m3u8"],
  ];
}
