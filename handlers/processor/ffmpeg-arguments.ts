import type { Lengths } from "./lengths";
import type { Rung } from "./ladder";
import { DEMUXERS, MAX_PIXELS, rateOf, type Source } from "./probe";
import type { Sprite } from "./sprite";
import type { Playlist } from "./stream-files";

export interface Quality {
  /** x264 preset, from `ultrafast` to `veryslow`. */
  readonly preset: string;
  /** Threads of the decoder and of each encoder. */
  readonly threads: number;
}

export interface Plan {
  /** Path of the source. */
  readonly file: string;
  readonly source: Source;
  readonly lengths: Lengths;
  readonly ladder: readonly Rung[];
  readonly quality: Quality;
}

/** Key frame interval and segment length in seconds; players switch sizes there. */
export const SEGMENT_SECONDS = 4;
export const AUDIO_KILOBITS = 128;
/** Seconds that audio may exceed the video before its last frame is repeated. */
const AUDIO_OVERHANG_SECONDS = 0.5;
const QUIET_OPTIONS = ["-hide_banner", "-nostdin", "-nostats", "-y", "-loglevel", "error"] as const;

/** Input arguments that only open this file: no URLs and no file lists, regardless of its content. */
export function inputArguments(file: string): string[] {
  return ["-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-i", `file:${file}`];
}

/** Time of the poster in seconds, after a usually black start. */
export function posterTime(durationSeconds: number): number {
  return Math.min(durationSeconds * 0.1, 10);
}

/** Arguments that list packets of video and audio for `PacketLengths`, without decoding. */
export function packetArguments(file: string, { video, audio }: Source): string[] {
  const mappedAudio = audio === undefined ? [] : ["-map", `0:${audio}`];
  return [
    ...QUIET_OPTIONS,
    ...inputArguments(file),
    ...["-map", `0:${video}`, ...mappedAudio],
    ...["-c", "copy", "-f", "framecrc", "pipe:1"],
  ];
}

/**
 * Arguments of one ffmpeg run in the output folder: a folder per rung and one for audio. All rungs are made from the
 * same frames, so their key frames align.
 */
export function ladderArguments(plan: Plan): string[] {
  const { file, source, ladder, lengths, quality } = plan;
  const sound = source.audio !== undefined;
  return [
    ...[...QUIET_OPTIONS, "-progress", "pipe:1"],
    ...["-threads", String(quality.threads), "-max_pixels", String(MAX_PIXELS), ...inputArguments(file)],
    ...["-filter_complex_threads", String(quality.threads), "-filter_complex", filters(plan)],
    ...ladder.flatMap((_, index) => ["-map", `[v${index}]`]),
    ...(sound ? ["-map", `0:${source.audio}`] : []),
    ...["-map_metadata", "-1", "-map_chapters", "-1", "-t", lengths.seconds.toFixed(6)],
    ...videoArguments(source, ladder, quality),
    ...(sound ? ["-c:a", "aac", "-b:a", `${AUDIO_KILOBITS}k`, "-ac", "2", "-ar", "48000"] : []),
    ...hlsArguments(plan),
  ];
}

/** Arguments for `poster.jpg`: the frame at a time, in its rung's size, from the segment that contains it. */
export function posterArguments(
  { folder, init, segments }: Playlist,
  seconds: number,
  { frameRate }: Source,
): string[] {
  let [start, index] = [0, 0];
  for (const segment of segments.slice(0, -1)) {
    if (start + segment.seconds > seconds) break;
    start += segment.seconds;
    index++;
  }
  const files = [init, segments[index]?.name].map((name) => `${folder}/${name}`);
  return [
    ...QUIET_OPTIONS,
    ...["-protocol_whitelist", "concat,file", "-i", `concat:${files.join("|")}`],
    ...["-vf", `select='gt(t+1/(${frameRate}),${seconds - start})',format=yuvj420p`],
    ...["-frames:v", "1", "-q:v", "3", "-update", "1", "poster.jpg"],
  ];
}

/** Arguments for `sprite.jpg`: thumbnails from the smallest rung, from key frames only if they are frequent enough. */
export function spriteArguments({ folder }: Playlist, sprite: Sprite, { frameRate }: Source): string[] {
  const keyFrames = sprite.interval > SEGMENT_SECONDS;
  // The last frame may be up to an interval earlier, so there is one for every thumbnail.
  const before = keyFrames ? SEGMENT_SECONDS + 1 : 1 / rateOf(frameRate);
  return [
    ...QUIET_OPTIONS,
    ...(keyFrames ? ["-skip_frame", "nokey"] : []),
    ...["-protocol_whitelist", "file", "-i", `${folder}/index.m3u8`],
    "-vf",
    `select='gte(t+${before},selected_n*${sprite.interval})*lt(selected_n,${sprite.count})',` +
      `scale=${sprite.width}:${sprite.height},setsar=1,tile=${sprite.columns}x${sprite.rows},format=yuvj420p`,
    ...["-frames:v", "1", "-q:v", "5", "-update", "1", "sprite.jpg"],
  ];
}

/**
 * The filter graph. The fps filter comes last, because it repeats frames of still pictures after scaling without
 * copies; earlier it would pass thousands of frames at once.
 */
function filters({ source, ladder, lengths }: Plan): string {
  const { video, interlaced, frameRate } = source;
  const names = ladder.map((_, index) => `[s${index}]`).join("");
  const held = lengths.seconds - lengths.video.end;
  const first = [
    ...(interlaced ? ["yadif=deint=interlaced"] : []),
    // Without a second frame, the first frame has no end and would block the audio.
    ...(lengths.video.packets === 1 ? ["loop=loop=-1:size=1", `settb=AVTB,setpts=N/(${frameRate})/TB`] : []),
    `split=${ladder.length}${names}`,
  ];
  const last = [
    "setsar=1,format=yuv420p",
    `fps=${frameRate}`,
    ...(lengths.video.packets > 1 && held > AUDIO_OVERHANG_SECONDS
      ? [`tpad=stop_mode=clone:stop_duration=${held.toFixed(6)}`]
      : []),
  ];
  return [
    `[0:${video}]${first.join(",")}`,
    ...ladder.map(
      ({ width, height }, index) => `[s${index}]scale=${width}:${height},${last.join(",")}[v${index}]`,
    ),
  ].join(";");
}

function videoArguments(source: Source, ladder: readonly Rung[], quality: Quality): string[] {
  return [
    ...["-c:v", "libx264", "-preset", quality.preset, "-crf", "21", "-profile:v", "high"],
    ...["-threads", String(quality.threads)],
    // Key frames at these times, and nowhere else except in very long intervals.
    ...["-force_key_frames", `expr:gte(t,n_forced*${SEGMENT_SECONDS})`, "-sc_threshold", "0"],
    ...["-g", String(Math.ceil(rateOf(source.frameRate) * SEGMENT_SECONDS * 2))],
    ...ladder.flatMap(({ kilobits }, index) => [
      ...[`-maxrate:v:${index}`, `${kilobits}k`, `-bufsize:v:${index}`, `${kilobits * 2}k`],
    ]),
  ];
}

function hlsArguments({ ladder, source }: Plan): string[] {
  const sound = source.audio !== undefined;
  const streams = ladder.map(({ name }, index) => `v:${index},name:${name}`);
  if (sound) streams.push("a:0,name:audio");
  return [
    ...["-f", "hls", "-hls_time", String(SEGMENT_SECONDS), "-hls_playlist_type", "vod"],
    ...["-hls_segment_type", "fmp4", "-hls_flags", "independent_segments"],
    ...["-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", "%v/segment_%05d.m4s"],
    ...["-var_stream_map", streams.join(" "), "%v/index.m3u8"],
  ];
}
