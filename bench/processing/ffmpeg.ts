import { mkdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { ladderArguments, packetArguments } from "../../handlers/processor/ffmpeg-arguments";
import { ladderOf } from "../../handlers/processor/ladder";
import { PacketLengths } from "../../handlers/processor/lengths";
import { readProbe } from "../../handlers/processor/probe";
import { Ffmpeg } from "../../handlers/services/ffmpeg";
import type { Sample } from "../case";
import { runCommand } from "../run-command";

/** x264's settings: the deployed preset, and one thread per CPU. */
export interface Encoding {
  readonly preset: string;
  readonly threads: number;
}

/** The processor's ffmpeg arguments for all sizes of a file. */
export async function argumentsFor(file: string, quality: Encoding): Promise<string[]> {
  const ffmpeg = new Ffmpeg({ environment: { PATH: process.env.PATH ?? "" } });
  const { signal } = new AbortController();
  const source = readProbe(await ffmpeg.probe(file, signal));
  const packets = new PacketLengths();
  await ffmpeg.run(packetArguments(file, source), { folder: ".", signal, onLine: packets.line });
  return ladderArguments({
    file,
    source,
    ladder: ladderOf(source),
    quality,
    lengths: packets.lengths(),
  });
}

/** Runs ffmpeg alone with the processor's low priority, so that other load affects both alike. */
export async function bareFfmpeg(args: readonly string[], folder: string): Promise<Sample> {
  const output = join(folder, "bare");
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  const nice = String(constants.priority.PRIORITY_BELOW_NORMAL);
  return runCommand("nice", ["-n", nice, "ffmpeg", ...args], { cwd: output });
}
