import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ffmpeg } from "../../harness/clips";

/** The folder in which a file of the corpus is made; it is removed afterwards. */
export class SourceFolder {
  constructor(
    private readonly folder: string,
    /** Path of the file to be made. */
    readonly output: string,
  ) {}

  /** Path of an intermediate file. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Makes the file with ffmpeg. */
  make(...args: readonly string[]): void {
    ffmpeg(...args, this.output);
  }

  /** Makes an intermediate file with ffmpeg; returns its path. */
  part(name: string, ...args: readonly string[]): string {
    ffmpeg(...args, this.path(name));
    return this.path(name);
  }

  /** Makes an intermediate file with ffmpeg; returns its content. */
  bytes(name: string, ...args: readonly string[]): Buffer {
    return readFileSync(this.part(name, ...args));
  }

  /** Writes the file from bytes. */
  write(...parts: readonly Uint8Array[]): void {
    writeFileSync(this.output, Buffer.concat(parts));
  }
}

/** Encoder arguments of a quick, widely playable picture. */
export const X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"] as const;
export const AAC = ["-c:a", "aac", "-b:a", "96k"] as const;

/** Input arguments for a generated picture. */
export function lavfi(graph: string): string[] {
  return ["-f", "lavfi", "-i", graph];
}

interface Picture {
  /** `320x180` by default: the size costs time, and few cases are about it. */
  readonly size?: string;
  readonly rate?: number;
  readonly seconds: number;
}

/** Times of the flashes and beeps: 1, 6, 11, … s, for 0.1 s. */
const MARKED_TIMES = "between(mod(t,5),1,1.0999)";

/** ffmpeg's moving test picture, white while the sound of `beeps` is heard. */
export function flashes({ size = "320x180", rate = 30, seconds }: Picture): string {
  return `testsrc2=s=${size}:r=${rate}:d=${seconds},drawbox=c=white:t=fill:enable='${MARKED_TIMES}'`;
}

/** Silence with a beep of 1 kHz at each flash. */
export function beeps(seconds: number): string {
  return `aevalsrc='if(${MARKED_TIMES},0.8*sin(2*PI*1000*t),0)':s=48000:d=${seconds}`;
}

/** Arguments that encode flashes and beeps, before the name of a file. */
export function marked(picture: Picture): string[] {
  return [...lavfi(flashes(picture)), ...lavfi(beeps(picture.seconds)), ...X264, ...AAC];
}

/** Arguments of a still picture in one colour. */
export function colour(name: string, seconds: number, size = "320x180"): string[] {
  return lavfi(`color=${name}:s=${size}:r=25:d=${seconds}`);
}
