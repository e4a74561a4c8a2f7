import { rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { bundleWorker, processFile } from "../../cli/corpus/process-file";
import { clip } from "../../harness/clips";
import { type Processing, register, startProcessing, stopProcessing, upload } from "../../harness/processing";
import { type ProcessorRun, startProcessor } from "../../harness/processor";
import { environments } from "../../stacks/environments";
import { optional } from "../../stacks/lib/optional";
import { until } from "@packages/cli-kit/wait-until";
import type { Bench, Benchmark, Measured, Sample, Turns } from "../case";
import { ProcessTree } from "../../harness/process-tree";
import { takeTurns } from "../turns";
import { argumentsFor, bareFfmpeg } from "./ffmpeg";

const PRESET = "veryfast";
/** Memory of the smallest deployed task. */
const TASK_MIB = Math.min(...environments.map(({ processor }) => processor.memory));

/** The processor's work on files, with a folder in the place of S3. */
const WITHOUT_SERVERS = "processor without servers";
const WORK_LIMIT =
  "it also looks at the source, makes the poster and the sprite, and decodes parts of what it made";

export interface ProcessingOptions {
  readonly name: string;
  readonly clip: { readonly size: string; readonly seconds: number };
  readonly turns: Turns;
  readonly onlyByName?: string;
}

/** Processing of one video, compared with one plain ffmpeg run for the same sizes. */
export function processingCase({ name, clip: video, turns, onlyByName }: ProcessingOptions): Benchmark {
  const pair = { of: "processor", than: "ffmpeg" };
  const withoutServers = { of: WITHOUT_SERVERS, than: "ffmpeg" };
  return {
    name,
    about:
      `a video of ${video.seconds} s in ${video.size}: the processor from the claim to ready (head, download, probe, ` +
      "transcode, upload, rows) and from the upload, and its work with a folder in the place of S3, each compared with one " +
      "plain ffmpeg run for the same sizes; its memory compared with its task's",
    turns,
    ...optional({ onlyByName }),
    comparisons: [
      { ...pair, figure: "wall", goal: { atMost: 1.05 }, limit: WORK_LIMIT },
      {
        ...pair,
        figure: "cpu",
        goal: { atMost: 1.1 },
        limit: WORK_LIMIT,
      },
      { ...pair, figure: "upload to ready", unit: "s", goal: { atMost: 1.15 }, limit: WORK_LIMIT },
      { ...withoutServers, figure: "wall", goal: { atMost: 1.05 }, limit: WORK_LIMIT },
      { ...withoutServers, figure: "cpu", goal: { atMost: 1.1 }, limit: WORK_LIMIT },
      { of: "processor", than: "task", figure: "memory", goal: { atMost: 0.8 } },
    ],
    measure: (bench) => measure(bench, video),
  };
}

async function measure(bench: Bench, video: ProcessingOptions["clip"]): Promise<Measured> {
  const processing = await startProcessing();
  try {
    bench.tell("making the video");
    const body = clip(video);
    const file = join(bench.folder, "source.mp4");
    writeFileSync(file, body);
    const program = bundleWorker(join(bench.folder, "worker"));
    const args = await argumentsFor(file, { preset: PRESET, threads: availableParallelism() });
    const run = await startProcessor(processing, {
      name: "processor",
      environment: {
        X264_PRESET: PRESET,
        LEASE_SECONDS: "60",
        CONCURRENCY: "1",
        MEMORY_MIB: String(TASK_MIB),
      },
    });
    try {
      return await takeTurns(bench, {
        processor: () => processed(processing, run, body),
        [WITHOUT_SERVERS]: () => workOnly({ program, file, folder: bench.folder }),
        ffmpeg: async () => {
          const sample = await bareFfmpeg(args, bench.folder);
          return { ...sample, "upload to ready": sample.wall ?? NaN };
        },
        task: () => Promise.resolve({ memory: TASK_MIB }),
      });
    } finally {
      await run.process.stop();
    }
  } finally {
    await stopProcessing(processing);
  }
}

interface Work {
  readonly program: string;
  readonly file: string;
  readonly folder: string;
}

async function workOnly({ program, file, folder }: Work): Promise<Sample> {
  const stream = join(folder, "stream");
  rmSync(stream, { recursive: true, force: true });
  const { processing, effort } = await processFile(program, {
    file,
    stream,
    encoding: { preset: PRESET, threads: availableParallelism(), memoryMiB: TASK_MIB },
    timeoutSeconds: 7_200,
  });
  if (processing.outcome === "failed") throw new Error(`${file}: ${processing.reason}`);
  return { wall: effort.wallSeconds, cpu: effort.cpuSeconds };
}

/** `wall` is the time from claim to ready, as in the processor's CloudWatch metric. */
async function processed(processing: Processing, run: ProcessorRun, body: Buffer): Promise<Sample> {
  const id = await register(processing);
  const tree = ProcessTree.watch(run.process.pid);
  try {
    const [began, cpu] = [performance.now(), tree.cpu()];
    await upload(processing, { id, body });
    const ready = (): Record<string, unknown> | undefined =>
      run.lines().find(({ message, mediaId }) => message === "ready" && mediaId === id);
    await until(`${id} is ready`, () => ready() !== undefined, {
      timeoutSeconds: 7_200,
      details: () => run.output(),
    });
    return {
      wall: Number(ready()?.milliseconds) / 1_000,
      "upload to ready": (performance.now() - began) / 1_000,
      cpu: tree.cpu() - cpu,
      memory: tree.peak(),
    };
  } finally {
    tree.stop();
  }
}
