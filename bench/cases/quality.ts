import { readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { decode } from "../../cli/corpus/inspect-stream";
import { bundleWorker, processFile } from "../../cli/corpus/process-file";
import { type Encoding, SEGMENT_SECONDS } from "../../handlers/processor/ffmpeg-arguments";
import { ffmpeg, requireFfmpeg } from "../../harness/clips";
import type { Bench, Benchmark, Comparison, Measured, Sample } from "../case";
import { runCommand } from "../run-command";
import { type Take, takeTurns } from "../turns";

/** Memory of a task that can make AV1, in MiB. */
const TASK_MIB = 4_096;
const RATE = 25;
const LINES = 720;
const PLAIN = "plain ffmpeg, veryfast";
/** Streams by name. The first has the settings that are the default. */
const STREAMS: Readonly<Record<string, Partial<Encoding>>> = {
  veryfast: {},
  faster: { preset: "faster" },
  medium: { preset: "medium" },
  slow: { preset: "slow" },
  AV1: { av1: true },
};
const PLAIN_OPTIONS = [
  ...["-preset", "veryfast", "-crf", "21", "-sc_threshold", "0", "-g", String(RATE * SEGMENT_SECONDS)],
  ...["-force_key_frames", `expr:gte(t,n_forced*${SEGMENT_SECONDS})`],
];
const [DEFAULT = "", ...OTHERS] = Object.keys(STREAMS);
/** Ratio of what is equal but for rounding. */
const AS_GOOD = { atMost: 1.02 };

const against = (than: string, of: string): Comparison[] => [
  { of, than, figure: "size", unit: "KB" },
  { of, than, figure: "SSIM loss", unit: "‰" },
  { of, than, figure: "cpu" },
];

/** Size and similarity of the largest rung; each differs little between turns, in which encoders run with two threads. */
export const benchmark: Benchmark = {
  name: "quality",
  about:
    `the largest size of a lively video of 8 s in 1280x${LINES} with each preset, and in AV1: its size and what it lost ` +
    "(1 − SSIM), compared with one plain run of x264 with the same constant quality and key frames; CPU time of all sizes and pictures",
  turns: { least: 2, most: 4 },
  comparisons: [
    { of: DEFAULT, than: PLAIN, figure: "size", unit: "KB", goal: AS_GOOD },
    { of: DEFAULT, than: PLAIN, figure: "SSIM loss", unit: "‰", goal: AS_GOOD },
    ...OTHERS.flatMap((name) => against(DEFAULT, name)),
  ],
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  await requireFfmpeg();
  const source = join(bench.folder, "source.mp4");
  bench.tell("making the video");
  ffmpeg(
    ...["-f", "lavfi", "-i", `mandelbrot=size=1280x${LINES}:rate=${RATE}`, "-t", "8"],
    // Blurred, it needs less than the largest bit rate; in 4:2:0, nobody converts the colours of the plain run.
    ...["-vf", "gblur=sigma=1,noise=alls=2:allf=t,format=yuv420p"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", source],
  );
  const program = bundleWorker(join(bench.folder, "worker"));
  const streams = Object.entries(STREAMS).map(([name, encoding]): [string, Take] => [
    name,
    () => streamSample({ program, source, folder: bench.folder, encoding }),
  ]);
  return takeTurns(
    bench,
    { ...Object.fromEntries(streams), [PLAIN]: () => plainSample(source, bench.folder) },
    { warmUp: false },
  );
}

interface StreamTake {
  readonly program: string;
  readonly source: string;
  readonly folder: string;
  readonly encoding: Partial<Encoding>;
}

async function streamSample({ program, source, folder, encoding }: StreamTake): Promise<Sample> {
  const stream = join(folder, "stream");
  rmSync(stream, { recursive: true, force: true });
  const input = {
    file: source,
    stream,
    encoding: { preset: "veryfast", threads: availableParallelism(), memoryMiB: TASK_MIB, ...encoding },
    timeoutSeconds: 3_600,
  };
  const { processing, effort } = await processFile(program, input);
  if (processing.outcome === "failed") throw new Error(`${source}: ${processing.reason}`);
  const rung = join(stream, `${encoding.av1 === true ? "av1" : "video"}_${LINES}p`);
  const bytes = readdirSync(rung).reduce((sum, name) => sum + statSync(join(rung, name)).size, 0);
  return {
    size: bytes / 1_000,
    "SSIM loss": ssimLoss(join(rung, "index.m3u8"), source),
    cpu: effort.cpuSeconds,
  };
}

async function plainSample(source: string, folder: string): Promise<Sample> {
  const output = join(folder, "plain.mp4");
  const args = ["-v", "error", "-nostdin", "-y", "-i", source, "-an", "-c:v", "libx264"];
  const sample = await runCommand("ffmpeg", [...args, ...PLAIN_OPTIONS, output], { cwd: folder });
  return {
    ...sample,
    size: statSync(output).size / 1_000,
    "SSIM loss": ssimLoss(output, source),
  };
}

/** 1 − SSIM in thousandths, frame by frame: the files' times differ. */
function ssimLoss(file: string, source: string): number {
  const numbered = `setpts=N/${RATE}/TB`;
  const { log } = decode(
    ...["-i", file, "-i", source, "-lavfi", `[0:v]${numbered}[a];[1:v]${numbered}[b];[a][b]ssim`],
    ...["-f", "null", "-"],
  );
  const [, ssim] = /SSIM .*All:([\d.]+)/.exec(log) ?? [];
  if (ssim === undefined) throw new Error(`ffmpeg printed no SSIM of ${file}: ${log.slice(-500)}`);
  return (1 - Number(ssim)) * 1_000;
}
