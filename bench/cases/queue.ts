import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { clip } from "../../harness/clips";
import { type Processing, register, startProcessing, stopProcessing, upload } from "../../harness/processing";
import { type ProcessorRun, startProcessor } from "../../harness/processor";
import { until } from "@packages/cli-kit/wait-until";
import type { Bench, Benchmark, Measured, Sample } from "../case";
import { takeTurns } from "../turns";

const VIDEOS = 40;
const CLIP = { size: "1280x720", seconds: 5 };

/** What a second task adds. */
export const benchmark: Benchmark = {
  name: "queue",
  about:
    `a queue of ${VIDEOS} videos of ${CLIP.seconds} s in ${CLIP.size}, by one and by two processors, ` +
    "each held to a CPU of its own as a task of Fargate is",
  turns: { least: 3, most: 10 },
  comparisons: [
    {
      of: "2 processors",
      than: "1 processor",
      figure: "rate",
      unit: "videos/min",
      goal: { atLeast: 1.8 },
      limit:
        availableParallelism() > 2
          ? "S3, SQS, PostgreSQL and Redis take turns with the processors"
          : "S3, SQS, PostgreSQL and Redis run on the second processor's CPU too, for there are two in all",
    },
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
          return { rate: (VIDEOS / (await drained(processing, runs, body))) * 60 };
        } finally {
          await Promise.all(runs.map((run) => run.process.stop()));
        }
      };
    const things = { "1 processor": counted(1), "2 processors": counted(2) };
    return await takeTurns(bench, things, { warmUp: false });
  } finally {
    await stopProcessing(processing);
  }
}

/** Throws where processes can't be held to CPUs of their own. */
function checkCpus(): void {
  if (availableParallelism() < 2) throw new Error("two processors need two CPUs, there is one");
  if (spawnSync("taskset", ["--version"]).status !== 0) {
    throw new Error("processes are held to a CPU by taskset, of util-linux, which is not installed");
  }
}

/** Node.js sees one CPU then, and so does ffmpeg: one video at a time, by encoders of one thread. */
function pinned(processing: Processing, name: string, cpu: number): Promise<ProcessorRun> {
  const environment = { X264_PRESET: "veryfast", LEASE_SECONDS: "60" };
  return startProcessor(processing, { name, by: ["taskset", "-c", String(cpu)], environment });
}

/** Seconds from the first upload until the last video is ready. */
async function drained(processing: Processing, runs: readonly ProcessorRun[], body: Buffer): Promise<number> {
  const began = performance.now();
  for (let count = 0; count < VIDEOS; count++) {
    await upload(processing, { id: await register(processing), body });
  }
  const ready = (): number =>
    runs.reduce((sum, run) => sum + run.lines().filter(({ message }) => message === "ready").length, 0);
  await until(`all ${VIDEOS} are ready`, () => ready() >= VIDEOS, {
    timeoutSeconds: 1_800,
    details: () => runs.map((run) => run.output()).join("\n"),
  });
  return (performance.now() - began) / 1_000;
}
