import type { Codec, Rung } from "./ladder";
import { filterGraph, isHdr, type PicturePlan, streamFramesPerSecond } from "./picture-filters";
import { DEMUXERS, MAX_PIXELS, type SoundTrack, type Source, type Track } from "./probe";
import type { Sprite } from "./sprite";
import type { Playlist } from "./stream-files";

/** How streams are encoded. */
export interface Encoding {
  /** x264 preset, from `ultrafast` to `veryslow`. */
  readonly preset: string;
  /** Threads of the decoder and of each encoder. */
  readonly threads: number;
  /**
   * Address space of a run in MiB.
   * @default unlimited
   */
  readonly memoryMiB?: number | undefined;
  /**
   * Integrated loudness of all sounds, in LUFS.
   * @default as in the source
   */
  readonly loudnessLufs?: number | undefined;
  /**
   * Whether all sizes are also made in AV1.
   * @default false
   */
  readonly av1?: boolean;
  /**
   * Whether a stream has an MP4 for downloads.
   * @default false
   */
  readonly download?: boolean;
}

export interface Plan extends PicturePlan {
  /** Path of the source. */
  readonly file: string;
  readonly encoding: Encoding;
}

/** Name of the file for downloads. */
export const DOWNLOAD_FILE = "download.mp4";
/** Key frame interval and segment length in seconds; players switch sizes there. */
export const SEGMENT_SECONDS = 4;
export const AUDIO_KILOBITS = 128;
/** x264's constant quality. */
const H264_CRF = 21;
/** SVT-AV1's preset and constant quality: about as good as x264's with half of the bits, in less than twice the time. */
const [AV1_PRESET, AV1_CRF] = [10, 33];
const QUIET_OPTIONS = ["-hide_banner", "-nostdin", "-nostats", "-y", "-loglevel", "error"] as const;
/** Like `QUIET_OPTIONS`, with the summaries that filters write. */
const SUMMARY_OPTIONS = ["-hide_banner", "-nostdin", "-nostats", "-y", "-loglevel", "info"] as const;
/**
 * How much of a file is read to find its tracks, in bytes and microseconds: in a transport stream, a track is only known
 * when it begins.
 */
const PROBE_OPTIONS = ["-probesize", String(64 << 20), "-analyzeduration", "30000000"] as const;
/** Seconds after which a time stamp is an error: the rest then follows without a gap. */
const MAX_GAP_SECONDS = 600;
/** Frames that can't be decoded are left out, however many they are; the length tells afterwards. */
const TOLERANT_OPTIONS = ["-dts_error_threshold", String(MAX_GAP_SECONDS), "-max_error_rate", "1"] as const;
/** Pixels of 1920x1088, and the address space from which larger pictures can have several threads, in MiB. */
const LARGE_PIXELS = 1_920 * 1_088;
const LARGE_PICTURE_MIB = 1_536;
/** Frames that are decoded to find out what they consist of. */
const LOOKED_FRAMES = 200;

/** Input arguments that only open this file: no URLs and no file lists, regardless of its content. */
export function inputArguments(file: string): string[] {
  const only = ["-protocol_whitelist", "file", "-format_whitelist", DEMUXERS];
  return [...PROBE_OPTIONS, ...only, "-i", `file:${file}`];
}

/** Arguments for ffmpeg, which also corrects time stamps. */
function sourceArguments(file: string): string[] {
  return [...TOLERANT_OPTIONS, ...inputArguments(file)];
}

/** Time of the poster in seconds, after a usually black start. */
export function posterTime(durationSeconds: number): number {
  return Math.min(durationSeconds * 0.1, 10);
}

/** Arguments that list packets of video and audio for `PacketLengths`, without decoding. */
export function packetArguments(file: string, { video, sounds }: Source): string[] {
  const streams = [video, ...sounds.map(({ index }) => index)];
  return [
    ...QUIET_OPTIONS,
    ...sourceArguments(file),
    ...streams.flatMap((index) => ["-map", `0:${index}`]),
    ...["-c", "copy", "-f", "framecrc", "pipe:1"],
  ];
}

interface Look {
  readonly file: string;
  readonly source: Source;
  /** Where the frames begin, in seconds. */
  readonly seconds: number;
}

/** Arguments that decode some frames and write idet's summary to standard error. */
export function idetArguments(look: Look): string[] {
  return [...SUMMARY_OPTIONS, ...lookArguments(look, "idet"), "-f", "null", "-"];
}

/** Arguments that decode some frames, match their fields, and print by how much each differs from the one before. */
export function telecineArguments(look: Look): string[] {
  const difference = "signalstats,metadata=mode=print:key=lavfi.signalstats.YDIF:file=-";
  const filters = `fieldmatch=combmatch=full,${difference}`;
  return [...QUIET_OPTIONS, ...lookArguments(look, filters), "-f", "null", "-"];
}

/** Seconds of a part that is encoded to find out how complex it is. */
export const COMPLEXITY_LOOK_SECONDS = 1;

export interface ComplexityLook extends Look {
  readonly encoding: Encoding;
  /** Size in which the part is encoded. */
  readonly rung: Pick<Rung, "width" | "height">;
  /** Frame rate of the stream. */
  readonly rate: string;
}

/** Arguments that encode a part of a source in a small size, and list its packets without their content. */
export function complexityArguments(look: ComplexityLook): string[] {
  const { file, source, seconds, rung, rate, encoding } = look;
  const filters = `scale=${rung.width}:${rung.height},format=yuv420p,fps=${rate}`;
  return [
    ...[...QUIET_OPTIONS, "-threads", String(threadsOf(look)), "-max_pixels", String(MAX_PIXELS)],
    ...["-ss", seconds.toFixed(3), ...inputArguments(file), "-map", `0:${source.video}`, "-vf", filters],
    ...["-t", String(COMPLEXITY_LOOK_SECONDS), "-c:v", "libx264", "-preset", encoding.preset],
    ...["-crf", String(H264_CRF), "-f", "framecrc", "pipe:1"],
  ];
}

/** Size of the packet in a line of `complexityArguments`, in bytes; 0 in other lines. */
export function bytesIn(line: string): number {
  return Number(/^\d+,(?:[^,]*,){3} *(\d+)/.exec(line)?.[1] ?? 0);
}

/** The number in a line that `telecineArguments` prints; undefined in other lines. */
export function differenceIn(line: string): number | undefined {
  const [, value] = /\.YDIF=([\d.]+)$/.exec(line) ?? [];
  return value === undefined ? undefined : Number(value);
}

function lookArguments({ file, source, seconds }: Look, filters: string): string[] {
  return [
    ...["-max_pixels", String(MAX_PIXELS), "-ss", seconds.toFixed(3), ...inputArguments(file)],
    ...["-map", `0:${source.video}`, "-vf", filters, "-frames:v", String(LOOKED_FRAMES)],
  ];
}

/**
 * Arguments of one ffmpeg run in the output folder, with a folder per rung. All rungs have one codec and are made from the
 * same frames, so their key frames align.
 */
export function ladderArguments(plan: Plan): string[] {
  const { file, ladder, lengths } = plan;
  const threads = String(threadsOf(plan));
  return [
    ...[...QUIET_OPTIONS, "-progress", "pipe:1"],
    ...["-threads", threads, "-max_pixels", String(MAX_PIXELS), ...sourceArguments(file)],
    ...["-filter_complex_threads", threads, "-filter_complex", filterGraph(plan)],
    ...ladder.flatMap((_, index) => ["-map", `[v${index}]`]),
    ...outputArguments(lengths.seconds),
    ...videoArguments(plan),
    ...hlsArguments(ladder.map(({ name }, index) => `v:${index},name:${name}`)),
  ];
}

/** How a sound reaches another loudness. */
export interface Loudness {
  readonly gainDb: number;
  /** Level in dBFS that peaks must not exceed; undefined if none would. */
  readonly limitDb: number | undefined;
}

export interface SoundPlan {
  /** Path of the source. */
  readonly file: string;
  readonly track: SoundTrack;
  /** Folder below the working folder. */
  readonly name: string;
  /** Length of the stream; silence is supplied where the track has none. */
  readonly seconds: number;
  /** Change of the loudness. */
  readonly loudness: Loudness | undefined;
}

/**
 * Arguments of one ffmpeg run in the output folder, with a folder for a track of sound. It runs beside the picture's: in
 * one run, pictures would have to wait for sound that begins late.
 */
export function soundArguments({ file, track, name, seconds, loudness }: SoundPlan): string[] {
  const filters = [...loudnessFilters(loudness), "apad"];
  return [
    ...[...QUIET_OPTIONS, "-progress", "pipe:1", ...sourceArguments(file)],
    ...["-filter_complex", soundGraph(track, filters), "-map", "[sound]"],
    ...outputArguments(seconds),
    ...["-c:a", "aac", "-b:a", `${AUDIO_KILOBITS}k`],
    ...hlsArguments([`a:0,name:${name}`]),
  ];
}

/** Arguments that measure a track of sound as `readLoudness` reads it. */
export function loudnessArguments(file: string, track: SoundTrack): string[] {
  return [
    ...[...SUMMARY_OPTIONS, "-progress", "pipe:1", ...sourceArguments(file)],
    ...["-filter_complex", soundGraph(track, ["ebur128=framelog=verbose:peak=true"]), "-map", "[sound]"],
    ...["-f", "null", "-"],
  ];
}

/** The graph that makes `[sound]` of a track: stereo with 48 kHz, and what other filters make of it. */
function soundGraph({ index, pair }: SoundTrack, filters: readonly string[]): string {
  const tracks = pair === undefined ? [index] : [index, pair];
  const all = [
    ...(pair === undefined ? [] : ["amerge=inputs=2"]),
    "aresample=48000:async=1:first_pts=0",
    "aformat=channel_layouts=stereo",
    ...filters,
  ];
  return `${tracks.map((track) => `[0:${track}]`).join("")}${all.join(",")}[sound]`;
}

function loudnessFilters(loudness: Loudness | undefined): string[] {
  if (loudness === undefined) return [];
  const { gainDb, limitDb } = loudness;
  const volume = `volume=${gainDb.toFixed(2)}dB`;
  if (limitDb === undefined) return [volume];
  return [volume, `alimiter=level=false:limit=${(10 ** (limitDb / 20)).toFixed(4)}`];
}

/** A sound of a stream. */
export interface NamedSound {
  /** Folder of its playlist below the stream's. */
  readonly folder: string;
  readonly language: string | undefined;
  readonly title: string | undefined;
}

/** Arguments that put a size with its sounds into `download.mp4`, without encoding. */
export function downloadArguments(
  picture: Pick<Playlist, "folder">,
  sounds: readonly NamedSound[],
): string[] {
  const inputs = [picture, ...sounds];
  const names = sounds.flatMap(({ language, title }, index) =>
    Object.entries({ language, title }).flatMap(([key, value]) =>
      value === undefined ? [] : [`-metadata:s:a:${index}`, `${key}=${value}`],
    ),
  );
  return [
    ...[...QUIET_OPTIONS, "-progress", "pipe:1"],
    ...inputs.flatMap(({ folder }) => ["-protocol_whitelist", "file", "-i", `${folder}/index.m3u8`]),
    ...inputs.flatMap((_, index) => ["-map", `${index}:0`]),
    ...[...names, "-c", "copy", DOWNLOAD_FILE],
  ];
}

/** Arguments that write a track of subtitles as WebVTT. */
export function subtitleArguments(file: string, track: Track, output: string): string[] {
  const input = [...QUIET_OPTIONS, ...sourceArguments(file), "-map", `0:${track.index}`];
  return [...input, "-c:s", "webvtt", "-f", "webvtt", output];
}

/** Arguments that decode the beginning of each playlist, and fail if something can't be decoded. */
export function checkArguments(playlists: readonly Playlist[]): string[] {
  const files = playlists.map(({ folder, init, segments }) =>
    [init, segments[0]?.name].map((name) => `${folder}/${name}`),
  );
  return [
    ...[...QUIET_OPTIONS, "-xerror"],
    ...files.flatMap((names) => [
      ...["-protocol_whitelist", "concat,file", "-err_detect", "explode"],
      ...["-i", `concat:${names.join("|")}`],
    ]),
    ...files.flatMap((_, index) => ["-map", `${index}:0`, "-frames", "1", "-f", "null", "-"]),
  ];
}

/** Arguments for `poster.jpg`: the frame at a time, in its rung's size, from the segment that contains it. */
export function posterArguments(
  { folder, init, segments }: Playlist,
  seconds: number,
  rate: number,
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
    ...["-vf", `select='gt(t+${shownSeconds(rate)},${(seconds - start).toFixed(6)})',${JPEG_FILTERS}`],
    ...["-frames:v", "1", "-q:v", "3", "-update", "1", "poster.jpg"],
  ];
}

/** JPEG defines BT.601 with the full range. */
const JPEG_FILTERS =
  "scale=in_color_matrix=bt709:in_range=tv:out_color_matrix=bt601:out_range=pc,format=yuvj420p";

/**
 * Arguments for `sprite.jpg`: thumbnails from the smallest rung, each of the frame that is shown at its cue's time. Also
 * prints the brightness of each thumbnail.
 */
export function spriteArguments({ folder }: Playlist, sprite: Sprite, rate: number): string[] {
  const { width, height, interval, count, columns, rows } = sprite;
  return [
    ...QUIET_OPTIONS,
    ...["-protocol_whitelist", "file", "-i", `${folder}/index.m3u8`],
    "-vf",
    `select='gt(t+${shownSeconds(rate)},selected_n*${interval})*lt(selected_n,${count})',` +
      `scale=${width}:${height},setsar=1,signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG:file=-,` +
      `tile=${columns}x${rows},${JPEG_FILTERS}`,
    ...["-frames:v", "1", "-q:v", "5", "-update", "1", "sprite.jpg"],
  ];
}

/** Seconds for which a frame is shown, a little less so that the frame that begins at a time is not missed. */
function shownSeconds(rate: number): string {
  return (1 / rate - 0.001).toFixed(6);
}

/** The mean luma in a line that `spriteArguments` prints; undefined in other lines. */
export function brightnessIn(line: string): number | undefined {
  const [, value] = /\.YAVG=([\d.]+)$/.exec(line) ?? [];
  return value === undefined ? undefined : Number(value);
}

function outputArguments(seconds: number): string[] {
  return ["-map_metadata", "-1", "-map_chapters", "-1", "-t", seconds.toFixed(6)];
}

/** Each thread has pictures of its own: large ones only fit into a small memory with one thread. */
function threadsOf({ source, encoding }: Pick<Plan, "source" | "encoding">): number {
  const { threads, memoryMiB = Infinity } = encoding;
  const large = source.width * source.height > LARGE_PIXELS || isHdr(source.colour);
  return large && memoryMiB < LARGE_PICTURE_MIB ? 1 : threads;
}

function videoArguments(plan: Plan): string[] {
  const { ladder } = plan;
  const codec = ladder[0]?.codec ?? "h264";
  return [
    ...ENCODER_ARGUMENTS[codec](plan),
    ...["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"],
    ...ladder.flatMap(({ kilobits }: Rung, index) => [
      ...[`-maxrate:v:${index}`, `${kilobits}k`, `-bufsize:v:${index}`, `${kilobits * 2}k`],
    ]),
  ];
}

const ENCODER_ARGUMENTS: Readonly<Record<Codec, (plan: Plan) => string[]>> = {
  h264: (plan) => [
    ...["-c:v", "libx264", "-preset", plan.encoding.preset, "-crf", String(H264_CRF), "-profile:v", "high"],
    ...["-threads", String(threadsOf(plan))],
    // Key frames at these times, and nowhere else except in very long intervals.
    ...["-force_key_frames", `expr:gte(t,n_forced*${SEGMENT_SECONDS})`, "-sc_threshold", "0"],
    ...["-g", String(Math.ceil(streamFramesPerSecond(plan) * SEGMENT_SECONDS * 2))],
  ],
  av1: (plan) => [
    ...["-c:v", "libsvtav1", "-preset", String(AV1_PRESET), "-crf", String(AV1_CRF)],
    ...["-svtav1-params", `lp=${threadsOf(plan)}`],
    // It takes no times: intervals are as long as a segment, or a frame longer.
    ...["-g", String(Math.ceil(streamFramesPerSecond(plan) * SEGMENT_SECONDS))],
  ],
};

function hlsArguments(streams: readonly string[]): string[] {
  return [
    // Frames keep their times: the first is shown at 0, though it is decoded earlier.
    ...["-avoid_negative_ts", "disabled", "-hls_segment_options", "movflags=+negative_cts_offsets"],
    ...["-f", "hls", "-hls_time", String(SEGMENT_SECONDS), "-hls_playlist_type", "vod"],
    ...["-hls_segment_type", "fmp4", "-hls_flags", "independent_segments"],
    ...["-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", "%v/segment_%05d.m4s"],
    ...["-var_stream_map", streams.join(" "), "%v/index.m3u8"],
  ];
}
