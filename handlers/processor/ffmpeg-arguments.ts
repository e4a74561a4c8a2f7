import type { Lengths } from "./lengths";
import type { Rung } from "./ladder";
import { DEMUXERS, MAX_PIXELS, rateOf, type Source } from "./probe";
import type { Sprite } from "./sprite";
import type { Playlist } from "./stream-files";

export interface Quality {
  /** How long x264 thinks: its presets, from `ultrafast` to `veryslow`. */
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

/** Seconds from one key frame to the next, and of a segment: a player changes sizes there. */
export const SEGMENT_SECONDS = 4;
export const AUDIO_KILOBITS = 128;
/** Seconds that the sound may go on behind the picture before its last frame is held. */
const AUDIO_OVERHANG_SECONDS = 0.5;
const QUIET_OPTIONS = ["-hide_banner", "-nostdin", "-nostats", "-y", "-loglevel", "error"] as const;

/** Nothing is opened but this file: no address, no list of files, whatever the file says. */
export function inputArguments(file: string): string[] {
  return ["-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-i", `file:${file}`];
}

/** Where the poster is taken from, in seconds: behind what is often black. */
export function posterTime(durationSeconds: number): number {
  return Math.min(durationSeconds * 0.1, 10);
}

/** Lists the packets of the picture, and of the sound behind it, for `PacketLengths`: nothing is decoded. */
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
 * One run of ffmpeg in the folder of the output: `master.m3u8`, a folder for each rung and one for the sound. Every
 * rung is made of the same frames, so that their key frames are at the same times.
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

/** The frame that is shown at a time, in the size of its rung, from the segment that has it: `poster.jpg`. */
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

/** Small pictures from the smallest rung: `sprite.jpg`. Where they are far enough apart, from its key frames alone. */
export function spriteArguments({ folder }: Playlist, sprite: Sprite, { frameRate }: Source): string[] {
  const keyFrames = sprite.interval > SEGMENT_SECONDS;
  // The last frame before a time may be as much before it: so there is one for every picture.
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
 * The frame rate comes last: where the picture stands still it repeats a frame, and what has been scaled is repeated
 * without a copy. Ahead of the others it would hand them thousands of frames at once.
 */
function filters({ source, ladder, lengths }: Plan): string {
  const { video, interlaced, frameRate } = source;
  const names = ladder.map((_, index) => `[s${index}]`).join("");
  const held = lengths.seconds - lengths.video.end;
  const first = [
    ...(interlaced ? ["yadif=deint=interlaced"] : []),
    // Without a second frame there is no end to the first one before the file's: it would hold up the sound.
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
    // Key frames at these times and, but for very long intervals, nowhere else.
    ...["-force_key_frames", `expr:gte(t,n_forced*${SEGMENT_SECONDS})`, "-sc_threshold", "0"],
    ...["-g", String(Math.ceil(rateOf(source.frameRate) * SEGMENT_SECONDS * 2))],
    ...ladder.flatMap(({ kilobits }, index) => [
      ...[`-maxrate:v:${index}`, `${kilobits}k`, `-bufsize:v:${index}`, `${kilobits * 2}k`],
    ]),
  ];
}

function hlsArguments({ ladder, source }: Plan): string[] {
  const sound = source.audio !== undefined;
  const group = sound ? ",agroup:audio" : "";
  const streams = ladder.map(({ name }, index) => `v:${index}${group},name:${name}`);
  if (sound) streams.push("a:0,agroup:audio,default:yes,name:audio");
  return [
    ...["-f", "hls", "-hls_time", String(SEGMENT_SECONDS), "-hls_playlist_type", "vod"],
    ...["-hls_segment_type", "fmp4", "-hls_flags", "independent_segments"],
    ...["-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", "%v/segment_%05d.m4s"],
    ...["-master_pl_name", "master.m3u8", "-var_stream_map", streams.join(" "), "%v/index.m3u8"],
  ];
}
