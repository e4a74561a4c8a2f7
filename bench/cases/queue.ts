import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { clip } from "../../harness/clips";
import { type Processing, register, startProcessing, stopProcessing, upload } from "../../harness/processing";
import { type ProcessorRun, startProcessor } from "../../harness/processor";
import { until } from "@packages/cli-kit/wait-until";
import type { Bench, Benchmark, Measured, Sample } from "../case";
import { ProcessTree } from "../../harness/process-tree";
import { takeTurns } from "../turns";

const VIDEOS = 40;
const CLIP = { size: "1280x720", seconds: 5 };
const ONE = "1 processor";
const TWO = "2 processors";

/** Throughput with a second task. */
export const benchmark: Benchmark = {
  name: "queue",
  about:
    `a queue of ${VIDEOS} videos of ${CLIP.seconds} s in ${CLIP.size}, with one and with two processors, ` +
    "each pinned to its own CPU, like a Fargate task",
  turns: { least: 3, most: 10 },
  comparisons: [
    {
      of: TWO,
      than: ONE,
      figure: "rate",
      unit: "videos/min",
      goal: { atLeast: 1.8 },
      limit:
        availableParallelism() > 2
          ? "S3, SQS, PostgreSQL and Redis share the CPUs with the processors"
          : "the machine has two CPUs, which S3, SQS, PostgreSQL and Redis need too: see the bound",
    },
    { of: TWO, than: ONE, figure: "cpu of processors", unit: "CPU-s/video" },
    { of: TWO, than: ONE, figure: "cpu of servers", unit: "CPU-s/video" },
    { of: ONE, figure: "bound", unit: "×" },
  ],
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  checkCpus();
  const processing = await startProcessing();
  try {
    const body = clip(CLIP);
    const counted =
      (count: number) =>
      async (turn: number): Promise<Sample> => {
        const names = Array.from({ length: count }, (_, index) => `turn-${turn}-${index + 1}-of-${count}`);
        const runs = await Promise.all(names.map((name, cpu) => pinned(processing, name, cpu)));
        try {
          return await drained(processing, runs, body);
        } finally {
          await Promise.all(runs.map((run) => run.process.stop()));
        }
      };
    return await takeTurns(bench, { [ONE]: counted(1), [TWO]: counted(2) }, { warmUp: false });
  } finally {
    await stopProcessing(processing);
  }
}

/** Throws if processes can't be pinned to separate CPUs. */
function checkCpus(): void {
  if (availableParallelism() < 2) throw new Error("two processors need two CPUs, this machine has one");
  if (spawnSync("taskset", ["--version"]).status !== 0) {
    throw new Error("taskset (util-linux), which pins processes to CPUs, is not installed");
  }
}

/** Node.js and ffmpeg then see one CPU: one video at a time, encoders with one thread. */
function pinned(processing: Processing, name: string, cpu: number): Promise<ProcessorRun> {
  const environment = { X264_PRESET: "veryfast", LEASE_SECONDS: "60" };
  return startProcessor(processing, { name, by: ["taskset", "-c", String(cpu)], environment });
}

/**
 * Throughput from the first upload until the last video is ready, and CPU seconds per video. `bound` is the maximum
 * gain of a second processor when two CPUs run everything: with one processor the servers have a CPU, with two they
 * share.
 */
async function drained(processing: Processing, runs: readonly ProcessorRun[], body: Buffer): Promise<Sample> {
  const trees = runs.map((run) => ProcessTree.watch(run.process.pid));
  const everything = ProcessTree.watch(process.pid);
  const used = (): number[] => [everything, ...trees].map((tree) => tree.cpu());
  try {
    const [began, before] = [performance.now(), used()];
    await processed(processing, runs, body);
    const seconds = (performance.now() - began) / 1_000;
    const [all = NaN, ...ofProcessors] = used().map((cpu, index) => (cpu - (before[index] ?? NaN)) / VIDEOS);
    const processors = ofProcessors.reduce((sum, cpu) => sum + cpu, 0);
    return {
      rate: (VIDEOS / seconds) * 60,
      "cpu of processors": processors,
      "cpu of servers": all - processors,
      bound: (2 * processors) / all,
    };
  } finally {
    [everything, ...trees].forEach((tree) => tree.stop());
  }
}

/** Uploads all videos and waits until all are ready. */
async function processed(processing: Processing, runs: readonly ProcessorRun[], body: Buffer): Promise<void> {
  for (let count = 0; count < VIDEOS; count++) {
    await upload(processing, { id: await register(processing), body });
  }
  const ready = (): number =>
    runs.reduce((sum, run) => sum + run.lines().filter(({ message }) => message === "ready").length, 0);
  await until(`all ${VIDEOS} are ready`, () => ready() >= VIDEOS, {
    timeoutSeconds: 1_800,
    details: () => runs.map((run) => run.output()).join("\n"),
  });
}
