/** Start and end of a file's streams in seconds. */
export interface Lengths {
  readonly video: Span;
  /** Spans of the sounds in the order of their tracks; undefined for a track without packets. */
  readonly sounds: readonly (Span | undefined)[];
  /** End of the last stream in seconds. */
  readonly seconds: number;
}

export interface Span {
  readonly packets: number;
  readonly start: number;
  readonly end: number;
}

/** Index of the first mapped stream. */
const VIDEO_STREAM = "0";
/** ffmpeg writes a much lower number for unknown times. */
const UNKNOWN_TIME_LIMIT = -(2 ** 62);

/**
 * Measures the length of a file from its packets in ffmpeg's `framecrc` format, because headers may be wrong. Lines are
 * `#tb <stream>: <fraction of a second>`, then `<stream>, <dts>, <pts>, <duration>, …` per packet.
 */
export class PacketLengths {
  private readonly units = new Map<string, number>();
  private readonly spans = new Map<string, { packets: number; start: number; end: number }>();

  readonly line = (text: string): void => {
    const [, stream = "", above, below] = /^#tb (\d+): (\d+)\/(\d+)$/.exec(text) ?? [];
    if (above !== undefined) this.units.set(stream, Number(above) / Number(below));
    if (!text.startsWith("#")) this.packet(text);
  };

  /** Lengths of the video and of as many sounds as were mapped after it. */
  lengths(sounds: number): Lengths {
    const video = this.spans.get(VIDEO_STREAM) ?? { packets: 0, start: 0, end: 0 };
    const seconds = Math.max(0, ...[...this.spans.values()].map(({ end }) => end));
    const found = Array.from({ length: sounds }, (_, index) => this.spans.get(String(index + 1)));
    return { video: { ...video }, sounds: found.map((span) => span && { ...span }), seconds };
  }

  private packet(text: string): void {
    const [stream = "", ...numbers] = text.split(",", 4).map((part) => part.trim());
    const [dts = NaN, pts = NaN, duration = 0] = numbers.map(Number);
    const unit = this.units.get(stream);
    const time = pts > UNKNOWN_TIME_LIMIT ? pts : dts;
    if (unit === undefined || !(time > UNKNOWN_TIME_LIMIT)) return;
    const [start, end] = [time * unit, (time + Math.max(0, duration)) * unit];
    const span = this.spans.get(stream) ?? { packets: 0, start, end };
    span.packets++;
    span.start = Math.min(span.start, start);
    span.end = Math.max(span.end, end);
    this.spans.set(stream, span);
  }
}

export interface ComparedLength {
  readonly seconds: number;
  readonly promisedSeconds: number;
}

/** Seconds by which a length may miss what was promised: headers and the ends of tracks are inexact. */
const LENGTH_TOLERANCE_SECONDS = 1;

/** Whether a part is missing. */
export function isShort({ seconds, promisedSeconds }: ComparedLength): boolean {
  return seconds < promisedSeconds - LENGTH_TOLERANCE_SECONDS;
}
