import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { transcodeArguments } from "../../../handlers/processor/ffmpeg-arguments";
import { ladderOf } from "../../../handlers/processor/ladder";
import { readProbe } from "../../../handlers/processor/probe";
import { spriteOf } from "../../../handlers/processor/sprite";
import { Ffmpeg } from "../../../handlers/services/ffmpeg";

/** What x264 is told: as deployed, and as many threads as there are CPUs for a video. */
export interface Encoding {
  readonly preset: string;
  readonly threads: number;
}

/** The arguments that the processor gives to ffmpeg for a file. */
export async function argumentsFor(file: string, quality: Encoding): Promise<string[]> {
  const ffmpeg = new Ffmpeg({ environment: { PATH: process.env.PATH ?? "" } });
  const source = readProbe(await ffmpeg.probe(file, new AbortController().signal));
  return transcodeArguments({ file, source, ladder: ladderOf(source), sprite: spriteOf(source), quality });
}

/**
 * Seconds that ffmpeg takes alone. With the processor's low priority, so that what else the machine does holds up both
 * alike.
 */
export async function bareFfmpeg(args: readonly string[], folder: string): Promise<number> {
  const output = join(folder, "bare");
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  const began = performance.now();
  const nice = String(constants.priority.PRIORITY_BELOW_NORMAL);
  await promisify(execFile)("nice", ["-n", nice, "ffmpeg", ...args], { cwd: output, maxBuffer: 1 << 26 });
  return (performance.now() - began) / 1_000;
}
