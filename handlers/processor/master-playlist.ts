import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SEGMENT_SECONDS } from "./ffmpeg-arguments";
import type { Codec, Rung } from "./ladder";
import type { Playlist, Segment } from "./stream-files";

/** Playlists of a stream, and the picture of each video playlist. */
export interface StreamPlaylists {
  /** Folder of the stream. */
  readonly folder: string;
  /** Video playlists with their size in pixels, largest first. */
  readonly rungs: readonly (Pick<Rung, "width" | "height" | "codec"> & { readonly playlist: Playlist })[];
  /** Playlists of sound, the default first. */
  readonly sounds: readonly SoundRendition[];
  readonly subtitles: readonly Rendition[];
  /** Frames per second. */
  readonly frameRate: number;
}

/** A track that viewers can choose. */
export interface Rendition {
  /** Path of its playlist below the stream's folder. */
  readonly uri: string;
  readonly language: string | undefined;
  readonly title: string | undefined;
}

export interface SoundRendition extends Rendition {
  readonly playlist: Playlist;
}

const AUDIO_GROUP = "audio";
const SUBTITLES_GROUP = "subtitles";
/** AAC-LC in MP4. */
const AUDIO_CODEC = "mp4a.40.2";

/**
 * The text of `master.m3u8`. ffmpeg 7 leaves out videos of up to half a second; older versions state the encoder's limit
 * as bandwidth. Attributes: https://www.rfc-editor.org/rfc/rfc8216#section-4.3.4.2. Throws if a rung's init segment has no
 * configuration of its codec.
 */
export async function masterPlaylist(stream: StreamPlaylists): Promise<string> {
  const { folder, rungs, sounds, subtitles, frameRate } = stream;
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"];
  const soundNames = namesOf(sounds, "Audio");
  sounds.forEach((sound, index) => {
    const attributes = [
      ...["TYPE=AUDIO", `GROUP-ID="${AUDIO_GROUP}"`, ...descriptionOf(sound, soundNames[index])],
      ...[`DEFAULT=${index === 0 ? "YES" : "NO"}`, "AUTOSELECT=YES", 'CHANNELS="2"', `URI="${sound.uri}"`],
    ];
    lines.push(`#EXT-X-MEDIA:${attributes.join(",")}`);
  });
  const subtitleNames = namesOf(subtitles, "Subtitles");
  subtitles.forEach((text, index) => {
    const attributes = [
      ...["TYPE=SUBTITLES", `GROUP-ID="${SUBTITLES_GROUP}"`, ...descriptionOf(text, subtitleNames[index])],
      ...["DEFAULT=NO", "AUTOSELECT=YES", "FORCED=NO", `URI="${text.uri}"`],
    ];
    lines.push(`#EXT-X-MEDIA:${attributes.join(",")}`);
  });
  const heard = sounds.map(({ playlist }) => bitRatesOf(playlist.segments));
  const sound = {
    peak: Math.max(0, ...heard.map(({ peak }) => peak)),
    average: Math.max(0, ...heard.map(({ average }) => average)),
  };
  for (const { playlist, width, height, codec } of rungs) {
    const picture = bitRatesOf(playlist.segments);
    const videoCodec = await CODEC_NAMES[codec](join(folder, playlist.folder, playlist.init));
    const attributes = [
      `BANDWIDTH=${Math.ceil(picture.peak + sound.peak)}`,
      `AVERAGE-BANDWIDTH=${Math.ceil(picture.average + sound.average)}`,
      `RESOLUTION=${width}x${height}`,
      `FRAME-RATE=${frameRate.toFixed(3)}`,
      "VIDEO-RANGE=SDR",
      `CODECS="${[videoCodec, ...(sounds.length === 0 ? [] : [AUDIO_CODEC])].join(",")}"`,
      ...(sounds.length === 0 ? [] : [`AUDIO="${AUDIO_GROUP}"`]),
      ...(subtitles.length === 0 ? [] : [`SUBTITLES="${SUBTITLES_GROUP}"`]),
      "CLOSED-CAPTIONS=NONE",
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(",")}`, `${playlist.folder}/index.m3u8`);
  }
  return `${lines.join("\n")}\n`;
}

function descriptionOf({ language }: Rendition, name = ""): string[] {
  const tag = languageTag(language);
  return [`NAME="${name}"`, ...(tag === undefined ? [] : [`LANGUAGE="${tag}"`])];
}

/** A language as RFC 5646 names it, such as `pt` for a file's `por`; undefined if it is none. */
function languageTag(language: string | undefined): string | undefined {
  try {
    return Intl.getCanonicalLocales(language?.replaceAll("_", "-"))[0];
  } catch (error) {
    // Files may state anything as a language.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The name of a language in itself, such as `português`; its tag if the name is not known. */
function languageName(tag: string | undefined): string | undefined {
  return tag && (new Intl.DisplayNames([tag], { type: "language", fallback: "none" }).of(tag) ?? tag);
}

/** A name for each rendition, which differs from the others: its title, its language, or its number. */
function namesOf(renditions: readonly Rendition[], kind: string): string[] {
  const names: string[] = [];
  for (const { title, language } of renditions) {
    // Attribute values have no quotes and no line ends.
    const plain = (title ?? languageName(languageTag(language)) ?? kind).replace(/["\p{Cc}]/gu, " ");
    names.push(names.includes(plain) ? `${plain} ${names.length + 1}` : plain);
  }
  return names;
}

/** Bit rates in bits per second; the peak is at least the average. */
function bitRatesOf(segments: readonly Segment[]): { readonly peak: number; readonly average: number } {
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const seconds = segments.reduce((sum, segment) => sum + segment.seconds, 0);
  if (seconds <= 0) throw new Error("a playlist lasts no time");
  const average = (bytes * 8) / seconds;
  const peaks = segments.map((_, first) => peakFrom(segments, first));
  return { average, peak: peaks.reduce((highest, peak) => Math.max(highest, peak), average) };
}

/**
 * The highest bit rate of segments in a row from one on, in bits per second. RFC 8216 counts rows that last 0.5 to 1.5
 * target durations; 0 if there is none.
 */
function peakFrom(segments: readonly Segment[], first: number): number {
  let [bytes, seconds, peak] = [0, 0, 0];
  for (let index = first; index < segments.length; index++) {
    const segment = segments[index];
    bytes += segment?.bytes ?? 0;
    seconds += segment?.seconds ?? 0;
    if (seconds > SEGMENT_SECONDS * 1.5) break;
    if (seconds >= SEGMENT_SECONDS * 0.5) peak = Math.max(peak, (bytes * 8) / seconds);
  }
  return peak;
}

/** The codec of an init segment, as RFC 6381 names it. */
const CODEC_NAMES: Readonly<Record<Codec, (file: string) => Promise<string>>> = {
  /** `avc1.64001f`, with profile, constraints and level. */
  h264: async (file) => `avc1.${(await configuration(file, "avcC")).subarray(1, 4).toString("hex")}`,
  /**
   * `av01.0.08M.08`, with profile, level, tier and bits per sample:
   * https://aomediacodec.github.io/av1-isobmff/#codecsparam
   */
  av1: async (file) => {
    const [, profileAndLevel = 0, flags = 0] = await configuration(file, "av1C");
    const level = String(profileAndLevel & 0x1f).padStart(2, "0");
    return `av01.${profileAndLevel >> 5}.${level}${flags & 0x80 ? "H" : "M"}.${flags & 0x40 ? "10" : "08"}`;
  },
};

/** The content of a codec's configuration box, from its version on. */
async function configuration(file: string, box: "avcC" | "av1C"): Promise<Buffer> {
  const bytes = await readFile(file);
  const start = bytes.indexOf(box, 0, "latin1");
  if (start < 0) throw new Error(`${file} has no ${box}`);
  return bytes.subarray(start + box.length);
}
