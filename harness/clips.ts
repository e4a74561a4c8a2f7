import { spawnSync } from "node:child_process";
import { createCipheriv } from "node:crypto";
import { readFileSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "@packages/cli-kit/refusal";
import { findFfmpeg } from "@packages/embedded-aws/programs/ffmpeg";

/** Finds or installs ffmpeg. Throws a Refusal with the reason if it can't. */
export async function requireFfmpeg(): Promise<void> {
  const found = await findFfmpeg();
  if ("missing" in found)
    throw new Refusal(`ffmpeg with libx264 is needed, and can't be installed: ${found.missing}`);
}

export interface ClipOptions {
  /** Size, such as `1280x720`. */
  readonly size: string;
  readonly seconds: number;
  readonly rate?: number;
  readonly sound?: boolean;
  /** Additional output arguments. */
  readonly more?: readonly string[];
  /**
   * File extension.
   * @default mp4
   */
  readonly ending?: string;
}

/** Bytes that no format has: the same each time, because ffmpeg takes some random bytes for sound. */
export function noise(bytes: number): Buffer {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(bytes));
}

/** Generates a video of ffmpeg's test pattern. */
export function clip({
  size,
  seconds,
  rate = 25,
  sound = true,
  more = [],
  ending = "mp4",
}: ClipOptions): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "clip-"));
  try {
    const file = join(folder, `clip.${ending}`);
    ffmpeg(
      ...["-f", "lavfi", "-i", `testsrc=size=${size}:rate=${rate}:duration=${seconds}`],
      ...(sound ? ["-f", "lavfi", "-i", `sine=frequency=440:duration=${seconds}`] : []),
      ...["-preset", "ultrafast", "-pix_fmt", "yuv420p", ...more, file],
    );
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Text of a file from which ffmpeg reads chapters: `[["Begin", 3], ["End", 6]]` are titles with the second of the end. */
export function chapterMetadata(chapters: readonly (readonly [title: string, endSeconds: number])[]): string {
  const parts = chapters.map(
    ([title, end], index) =>
      `[CHAPTER]\nTIMEBASE=1/1\nSTART=${chapters[index - 1]?.[1] ?? 0}\nEND=${end}\ntitle=${title}\n`,
  );
  return `;FFMETADATA1\n${parts.join("")}`;
}

export function ffmpeg(...args: string[]): string {
  return run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);
}

/** ffprobe's JSON output. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function ffprobe(...args: string[]): any {
  return JSON.parse(run("ffprobe", ["-v", "error", "-of", "json", ...args]));
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0 || stderr !== "") throw new Error(`${command} ${args.join(" ")}: ${status}\n${stderr}`);
  return stdout;
}

/** The MP4 with a rotation of 90 degrees in the first track's matrix. */
export function turned(mp4: Buffer): Buffer {
  const matrix = mp4.indexOf("tkhd") + 44;
  const copy = Buffer.from(mp4);
  [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000].forEach((value, index) =>
    copy.writeInt32BE(value, matrix + 4 * index),
  );
  return copy;
}

/** The MP4 with its cover before its tracks, so that readers take the cover as the first video. */
export function coverFirst(mp4: Buffer): Buffer {
  const moov = boxesIn(mp4, 0, mp4.length).find(({ type }) => type === "moov");
  if (moov === undefined) throw new Error("the MP4 has no moov box");
  const boxes = boxesIn(mp4, moov.start + 8, moov.end);
  const rank = ({ type }: Box): number => ["mvhd", "udta"].indexOf(type) + 1 || 3;
  const sorted = [...boxes].sort((one, other) => rank(one) - rank(other));
  const inner = sorted.map(({ start, end }) => mp4.subarray(start, end));
  return Buffer.concat([mp4.subarray(0, moov.start + 8), ...inner, mp4.subarray(moov.end)]);
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

function boxesIn(mp4: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let start = from; start + 8 <= to; start = boxes.at(-1)?.end ?? to) {
    const end = start + mp4.readUInt32BE(start);
    boxes.push({ type: mp4.toString("latin1", start + 4, start + 8), start, end });
  }
  return boxes;
}

/** ffmpeg's output file with an extension. */
export function ffmpegBytes(ending: string, ...args: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "clip-"));
  try {
    const file = join(folder, `file.${ending}`);
    ffmpeg(...args, file);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
