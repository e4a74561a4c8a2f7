import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { startOf } from "./segment-start";

/** A stream as an ffmpeg decodes it. */
export interface StreamMeasures {
  /** Length of the decoded picture. */
  readonly durationSeconds: number;
  /** Time of the first frame. */
  readonly startSeconds: number;
  /** Length of each sound rendition. */
  readonly soundSeconds: readonly number[];
  readonly soundLanguages: readonly string[];
  readonly subtitles: number;
  readonly chapters: number;
  readonly poster: boolean;
  readonly posterColour: Colour;
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  /** Seconds by which the first beep comes after the first flash; undefined without them. */
  readonly syncOffset: number | undefined;
  /** Integrated loudness of the first sound in LUFS; undefined without sound. */
  readonly loudness: number | undefined;
  /** Lengths of the pictures in AV1. */
  readonly av1Seconds: readonly number[];
  /** Lengths of the tracks of the MP4 for downloads, the picture first; undefined if there is none. */
  readonly download: readonly number[] | undefined;
  /** Peak of the first sound in dBFS; undefined without sound. */
  readonly soundLevel: number | undefined;
  /** Share of the frames that show two fields. */
  readonly combed: number;
  /** The largest difference of a stated and a measured bandwidth, as a share. */
  readonly bandwidthError: number;
  /** Thumbnails of the sprite that look more like the picture at another cue's time. */
  readonly wrongThumbnails: number;
  /** Files that a playlist names and that do not exist. */
  readonly missingFiles: readonly string[];
}

export type Colour = readonly [red: number, green: number, blue: number];

interface Variant {
  readonly attributes: Readonly<Record<string, string>>;
  readonly uri: string;
}

interface ListedSegment {
  readonly bytes: number;
  readonly seconds: number;
}

/** Decodes a stream in a folder and measures it. Throws if there is no picture. */
export function inspectStream(folder: string): StreamMeasures {
  const master = readFileSync(join(folder, "master.m3u8"), "utf8");
  const variants = variantsIn(master);
  const renditions = [...master.matchAll(/^#EXT-X-MEDIA:(.*)$/gm)].map(([, list = ""]) => attributesIn(list));
  const sounds = renditions.filter(({ TYPE }) => TYPE === "AUDIO");
  const [largest] = variants;
  if (largest === undefined) throw new Error(`${folder}/master.m3u8 has no variant`);
  const picture = pictureOf(join(folder, largest.uri));
  const heard = sounds.map(({ URI = "" }) => soundOf(join(folder, URI)));
  const [first] = heard;
  const [width = 0, height = 0] = (largest.attributes.RESOLUTION ?? "").split("x").map(Number);
  const poster = join(folder, "poster.jpg");
  return {
    durationSeconds: picture.seconds,
    startSeconds: picture.start,
    soundSeconds: heard.map(({ seconds }) => seconds),
    soundLanguages: sounds.map(({ LANGUAGE = "" }) => LANGUAGE),
    subtitles: renditions.filter(({ TYPE }) => TYPE === "SUBTITLES").length,
    chapters: cuesIn(join(folder, "chapters.vtt")),
    poster: existsSync(poster),
    posterColour: existsSync(poster) ? colourOf(poster) : [0, 0, 0],
    width,
    height,
    frameRate: picture.frameRate,
    syncOffset: nearestOffset(first?.beeps ?? [], picture.flash),
    soundLevel: first?.level,
    loudness: sounds[0]?.URI === undefined ? undefined : loudnessOf(join(folder, sounds[0].URI)),
    av1Seconds: variants
      .filter(({ attributes }) => attributes.CODECS?.startsWith("av01."))
      .map(({ uri }) => pictureOf(join(folder, uri)).seconds),
    download: downloadOf(join(folder, "download.mp4")),
    combed: picture.combed,
    bandwidthError: bandwidthError(folder, variants, sounds),
    wrongThumbnails: wrongThumbnails(folder, variants.at(-1)?.uri ?? largest.uri, picture.frameRate),
    missingFiles: missingFiles(folder, [
      ...variants.map(({ uri }) => uri),
      ...renditions.map(({ URI = "" }) => URI),
    ]),
  };
}

function variantsIn(master: string): Variant[] {
  return [...master.matchAll(/^#EXT-X-STREAM-INF:(.*)\n(.*)$/gm)].map(([, list = "", uri = ""]) => ({
    attributes: attributesIn(list),
    uri,
  }));
}

function attributesIn(list: string): Record<string, string> {
  const pairs = [...list.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value.replaceAll('"', "")]));
}

/** ffmpeg's standard output and error; throws if it fails. */
export function decode(...args: readonly string[]): { readonly output: Buffer; readonly log: string } {
  const { status, stdout, stderr } = spawnSync("ffmpeg", ["-hide_banner", "-nostdin", "-nostats", ...args], {
    maxBuffer: 1 << 30,
  });
  const log = stderr.toString();
  if (status !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${log.slice(-500)}`);
  return { output: stdout, log };
}

/** Mean luma of a white flash, of 255. */
const FLASH_LUMA = 200;

function pictureOf(playlist: string) {
  const luma = "scale=32:32:flags=area,signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG:file=-";
  const { output, log } = decode(
    ...["-copyts", "-i", playlist, "-map", "0:v", "-vf", `idet,${luma}`],
    ...["-f", "null", "-"],
  );
  const decoded = [...output.toString().matchAll(/pts_time:([\d.-]+)\n.*YAVG=([\d.]+)/g)].map(
    ([, time, brightness]) => ({ time: Number(time), brightness: Number(brightness) }),
  );
  // ffmpeg delays frames with negative composition offsets, players don't.
  const delay = (decoded[0]?.time ?? 0) - startOf(playlist);
  const frames = decoded.map(({ time, brightness }) => ({ time: time - delay, brightness }));
  const [first] = frames;
  if (first === undefined) throw new Error(`${playlist} has no picture`);
  const gaps = frames.slice(1).map(({ time }, index) => time - (frames[index]?.time ?? 0));
  // All frames last equally long; ffmpeg leaves out one time when it finds the composition offsets.
  const interval = gaps.sort((one, other) => one - other)[Math.floor(gaps.length / 2)] ?? 0.04;
  const counts = /Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)/
    .exec(log)
    ?.slice(1)
    .map(Number);
  const [top = 0, bottom = 0, progressive = 0] = counts ?? [];
  return {
    start: first.time,
    seconds: frames.length * interval,
    frameRate: 1 / interval,
    flash: frames.find(({ brightness }, index) => brightness > FLASH_LUMA && index > 0)?.time,
    // Fields have one order; in noise, idet sees both.
    combed: Math.abs(top - bottom) / Math.max(1, top + bottom + progressive),
  };
}

const SAMPLE_RATE = 48_000;

function soundOf(playlist: string) {
  const filters = [
    "-af",
    "silencedetect=n=-30dB:d=0.2,aformat=channel_layouts=mono:sample_rates=48000,volumedetect",
  ];
  const { log } = decode("-copyts", "-i", playlist, "-map", "0:a", ...filters, "-f", "null", "-");
  const samples = /n_samples: (\d+)/.exec(log)?.[1];
  const beeps = [...log.matchAll(/silence_end: ([\d.]+)/g)].map(([, time]) => Number(time));
  const level = /max_volume: ([\d.-]+) dB/.exec(log)?.[1];
  return {
    seconds: Number(samples) / SAMPLE_RATE,
    beeps,
    level: level === undefined ? undefined : Number(level),
  };
}

function loudnessOf(playlist: string): number {
  const { log } = decode("-i", playlist, "-map", "0:a", "-af", "ebur128=framelog=verbose", "-f", "null", "-");
  // A filter that starts twice writes two summaries.
  return Number([...log.matchAll(/\bI:\s+(-?[\d.]+) LUFS/g)].at(-1)?.[1]);
}

/** Lengths of a file's tracks as they are decoded; undefined if there is no file. */
function downloadOf(file: string): number[] | undefined {
  if (!existsSync(file)) return undefined;
  const { output } = decode("-v", "error", "-i", file, "-map", "0", "-f", "framecrc", "-");
  const text = output.toString();
  const units = [...text.matchAll(/^#tb \d+: (\d+)\/(\d+)$/gm)].map(
    ([, above, below]) => Number(above) / Number(below),
  );
  const ends = units.map(() => 0);
  for (const [, track, time, duration] of text.matchAll(/^(\d+), *-?\d+, *(-?\d+), *(\d+),/gm)) {
    const index = Number(track);
    ends[index] = Math.max(ends[index] ?? 0, (Number(time) + Number(duration)) * (units[index] ?? NaN));
  }
  return ends;
}

/** The offset of the beep that is nearest to a flash. */
function nearestOffset(beeps: readonly number[], flash: number | undefined): number | undefined {
  if (flash === undefined) return undefined;
  return beeps.map((beep) => beep - flash).sort((one, other) => Math.abs(one) - Math.abs(other))[0];
}

function cuesIn(file: string): number {
  return existsSync(file) ? (readFileSync(file, "utf8").match(/-->/g)?.length ?? 0) : 0;
}

/** The mean colour of a picture. */
export function colourOf(file: string, { at = 0, part }: { at?: number; part?: string } = {}): Colour {
  const crop = part === undefined ? "" : `,crop=${part}`;
  const args = [
    "-v",
    "error",
    "-i",
    file,
    "-frames:v",
    "1",
    "-vf",
    `select='gte(t,${at})',format=gbrp${crop},scale=1:1:flags=area`,
  ];
  const [red = 0, green = 0, blue = 0] = decode(...args, "-f", "rawvideo", "-pix_fmt", "rgb24", "-").output;
  return [red, green, blue];
}

function segmentsOf(playlist: string): ListedSegment[] {
  const folder = join(playlist, "..");
  const lines = [...readFileSync(playlist, "utf8").matchAll(/^#EXTINF:([\d.]+),.*\n([^#\s].*)$/gm)];
  return lines.map(([, seconds, name = ""]) => ({
    seconds: Number(seconds),
    bytes: statSync(join(folder, name)).size,
  }));
}

/**
 * Bit rates in bits per second. The peak is that of the segments in a row that last 0.5 to 1.5 target durations, as
 * https://www.rfc-editor.org/rfc/rfc8216#section-4.3.4.2 defines it, so that a short last segment counts with the one
 * before it.
 */
function rateOf(playlist: string): { readonly peak: number; readonly average: number } {
  const segments = segmentsOf(playlist);
  const target = Number(/^#EXT-X-TARGETDURATION:(\d+)$/m.exec(readFileSync(playlist, "utf8"))?.[1]);
  const counted = segments
    .flatMap((_, first) => rowsFrom(segments.slice(first), target * 1.5))
    .filter(({ seconds }) => seconds >= target * 0.5);
  const all = totalOf(segments);
  const rate = ({ bytes, seconds }: ListedSegment): number => (bytes * 8) / seconds;
  return { average: rate(all), peak: Math.max(rate(all), ...counted.map(rate)) };
}

/** Totals of the first segment, the first two, and so on, up to a length. */
function rowsFrom(segments: readonly ListedSegment[], longestSeconds: number): ListedSegment[] {
  const rows: ListedSegment[] = [];
  let total: ListedSegment = { seconds: 0, bytes: 0 };
  for (const segment of segments) {
    total = totalOf([total, segment]);
    if (total.seconds > longestSeconds) break;
    rows.push(total);
  }
  return rows;
}

function totalOf(segments: readonly ListedSegment[]): ListedSegment {
  return {
    seconds: segments.reduce((sum, { seconds }) => sum + seconds, 0),
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function bandwidthError(
  folder: string,
  variants: readonly Variant[],
  sounds: readonly Readonly<Record<string, string>>[],
): number {
  const heard = sounds.map(({ URI = "" }) => rateOf(join(folder, URI)));
  const sound = {
    peak: Math.max(0, ...heard.map(({ peak }) => peak)),
    average: Math.max(0, ...heard.map(({ average }) => average)),
  };
  const errors = variants.flatMap(({ attributes, uri }) => {
    const picture = rateOf(join(folder, uri));
    return [
      Number(attributes.BANDWIDTH) / (picture.peak + sound.peak) - 1,
      Number(attributes["AVERAGE-BANDWIDTH"]) / (picture.average + sound.average) - 1,
    ];
  });
  return Math.max(...errors.map(Math.abs));
}

function missingFiles(folder: string, playlists: readonly string[]): string[] {
  const named = playlists.flatMap((playlist) => {
    const path = join(folder, playlist);
    if (!existsSync(path)) return [playlist];
    const text = readFileSync(path, "utf8");
    const init = /^#EXT-X-MAP:URI="([^"]+)"$/m.exec(text)?.[1];
    const files = [...text.matchAll(/^([^#\s].*)$/gm)].map(([, name = ""]) => name);
    return [...(init === undefined ? [] : [init]), ...files].map((name) => join(playlist, "..", name));
  });
  return [...named, "poster.jpg", "sprite.jpg", "sprite.vtt", "chapters.vtt"].filter(
    (name) => !existsSync(join(folder, name)),
  );
}

/** Number of thumbnails that are compared with the picture. */
const COMPARED_THUMBNAILS = 5;
/** Mean difference of two thumbnails, of 255, below which they look alike. */
const ALIKE = 1.5;

interface Cue {
  readonly time: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function spriteCues(vtt: string): Cue[] {
  return [...vtt.matchAll(/(\d+):(\d+):([\d.]+) -->.*\n.*#xywh=(\d+),(\d+),(\d+),(\d+)/g)].map((match) => {
    const [, hours = 0, minutes = 0, seconds = 0, x = 0, y = 0, width = 0, height = 0] = match.map(Number);
    return { time: hours * 3_600 + minutes * 60 + seconds, x, y, width, height };
  });
}

function wrongThumbnails(folder: string, rung: string, frameRate: number): number {
  const cues = spriteCues(readFileSync(join(folder, "sprite.vtt"), "utf8"));
  const compared = cues.filter((_, index) => index % Math.ceil(cues.length / COMPARED_THUMBNAILS) === 0);
  const sprite = raw("-i", join(folder, "sprite.jpg"));
  const spriteWidth = Math.max(...cues.map(({ x, width }) => x + width));
  const thumbnails = compared.map((cue) => cropped(sprite, spriteWidth, cue));
  const pictures = picturesAt(join(folder, rung), compared, frameRate);
  return compared.filter((_, index) => {
    const [own = 255, ...others] = [index, ...compared.keys()].map((other) =>
      difference(pictures[index], thumbnails[other]),
    );
    return others.some((other) => other + ALIKE < own);
  }).length;
}

const RGB_BYTES = 3;

/** A part of a picture in RGB with 8 bits each. */
function cropped(picture: Buffer, pictureWidth: number, { x, y, width, height }: Cue): Buffer {
  const rows = Array.from({ length: height }, (_, row) => {
    const start = ((y + row) * pictureWidth + x) * RGB_BYTES;
    return picture.subarray(start, start + width * RGB_BYTES);
  });
  return Buffer.concat(rows);
}

/** The frames of a playlist at the times of cues, in their size; a frame that does not exist is undefined. */
function picturesAt(playlist: string, cues: readonly Cue[], frameRate: number): (Buffer | undefined)[] {
  const [{ width, height } = { width: 0, height: 0 }] = cues;
  const numbers = cues.map(({ time }) => Math.floor(time * frameRate + 0.01));
  const wanted = [...new Set(numbers)];
  const filters = `select='${wanted.map((number) => `eq(n,${number})`).join("+")}',scale=${width}:${height}`;
  const passed = ["-fps_mode", "passthrough", "-frames:v", String(wanted.length)];
  const frames = raw("-i", playlist, "-vf", filters, ...passed);
  const bytes = width * height * RGB_BYTES;
  return numbers.map((number) => {
    const start = wanted.indexOf(number) * bytes;
    return start + bytes > frames.length ? undefined : frames.subarray(start, start + bytes);
  });
}

function raw(...args: readonly string[]): Buffer {
  return decode("-v", "error", ...args, "-f", "rawvideo", "-pix_fmt", "rgb24", "-").output;
}

/** Mean difference of two pictures, of 255; 255 if one is missing. */
export function difference(one: Buffer | undefined, other: Buffer | undefined): number {
  if (one === undefined || one.length !== other?.length || one.length === 0) return 255;
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += Math.abs((one[index] ?? 0) - (other[index] ?? 0));
  return sum / one.length;
}
