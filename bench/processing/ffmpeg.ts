import { mkdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { AUDIO_KILOBITS, SEGMENT_SECONDS } from "../../handlers/processor/ffmpeg-arguments";
import { ladderOf } from "../../handlers/processor/ladder";
import { rateOf, readProbe } from "../../handlers/processor/probe";
import { Ffmpeg } from "../../handlers/services/ffmpeg";
import type { Sample } from "../case";
import { runCommand } from "../run-command";

/** x264's settings: the deployed preset, and one thread per CPU. */
export interface Encoding {
  readonly preset: string;
  readonly threads: number;
}

/** Arguments of one plain ffmpeg run that makes the processor's sizes of a file as HLS. */
export async function argumentsFor(file: string, { preset, threads }: Encoding): Promise<string[]> {
  const ffmpeg = new Ffmpeg({ environment: { PATH: process.env.PATH ?? "" } });
  const source = readProbe(await ffmpeg.probe(file, new AbortController().signal));
  const ladder = ladderOf({ ...source, rate: rateOf(source.frameRate) });
  const split = `[0:v]split=${ladder.length}${ladder.map((_, index) => `[s${index}]`).join("")}`;
  const scaled = ladder.map(({ width, height }, index) => `[s${index}]scale=${width}:${height}[v${index}]`);
  return [
    ...[
      "-hide_banner",
      "-nostdin",
      "-nostats",
      "-y",
      "-loglevel",
      "error",
      "-threads",
      String(threads),
      "-i",
      file,
    ],
    ...["-filter_complex", [split, ...scaled].join(";")],
    ...[...ladder.flatMap((_, index) => ["-map", `[v${index}]`]), "-map", "0:a"],
    ...[
      "-c:v",
      "libx264",
      "-preset",
      preset,
      "-crf",
      "21",
      "-profile:v",
      "high",
      "-threads",
      String(threads),
    ],
    ...["-force_key_frames", `expr:gte(t,n_forced*${SEGMENT_SECONDS})`, "-sc_threshold", "0"],
    ...["-g", String(Math.ceil(rateOf(source.frameRate) * SEGMENT_SECONDS * 2))],
    ...ladder.flatMap(({ kilobits }, index) => [
      ...[`-maxrate:v:${index}`, `${kilobits}k`, `-bufsize:v:${index}`, `${kilobits * 2}k`],
    ]),
    ...["-c:a", "aac", "-b:a", `${AUDIO_KILOBITS}k`, "-ac", "2", "-ar", "48000"],
    ...["-f", "hls", "-hls_time", String(SEGMENT_SECONDS), "-hls_playlist_type", "vod"],
    ...["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4"],
    ...["-hls_segment_filename", "%v/segment_%05d.m4s"],
    ...["-var_stream_map", [...ladder.map((_, index) => `v:${index}`), "a:0"].join(" "), "%v/index.m3u8"],
  ];
}

/** Runs ffmpeg alone with the processor's low priority, so that other load affects both alike. */
export async function bareFfmpeg(args: readonly string[], folder: string): Promise<Sample> {
  const output = join(folder, "bare");
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  const nice = String(constants.priority.PRIORITY_BELOW_NORMAL);
  return runCommand("nice", ["-n", nice, "ffmpeg", ...args], { cwd: output });
}
