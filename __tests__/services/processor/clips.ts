import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ClipOptions {
  /** `1280x720` */
  readonly size: string;
  readonly seconds: number;
  readonly rate?: number;
  readonly sound?: boolean;
  /** More arguments for the output. */
  readonly more?: readonly string[];
  /** Ending of the file: `mp4` by default. */
  readonly ending?: string;
}

/** A video of ffmpeg's test pattern, made here and now. */
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

export function ffmpeg(...args: string[]): string {
  return run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);
}

/** What ffprobe says, in JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function ffprobe(...args: string[]): any {
  return JSON.parse(run("ffprobe", ["-v", "error", "-of", "json", ...args]));
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0 || stderr !== "") throw new Error(`${command} ${args.join(" ")}: ${status}\n${stderr}`);
  return stdout;
}
