import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { clip } from "../../harness/clips";
import { type Processing, register, startProcessing, stopProcessing, upload } from "../../harness/processing";
import { type ProcessorRun, startProcessor } from "../../harness/processor";
import { until } from "@packages/cli-kit/wait-until";
import type { Bench, Benchmark, Measured } from "../case";
import { argumentsFor, bareFfmpeg } from "../processing/ffmpeg";
import { takeTurns } from "../turns";

/** Long enough for what is done once for each video to have its true share. */
const CLIP = { size: "1280x720", seconds: 30 };
const PRESET = "veryfast";

const LIMIT =
  "the emulator's S3 takes what is uploaded, and serves what is downloaded, on the CPUs that ffmpeg would use; it is " +
  "one process of Python";

/** The processor's work on one video, against ffmpeg's. */
export const benchmark: Benchmark = {
  name: "process",
  about:
    `a video of ${CLIP.seconds} s in ${CLIP.size}: the processor from the claim to ready (head, download, probe, ` +
    "transcode, upload, rows), against the same run of ffmpeg alone",
  turns: { least: 3, most: 10 },
  comparisons: [{ of: "processor", than: "ffmpeg", figure: "wall", goal: { atMost: 1.05 }, limit: LIMIT }],
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  const processing = await startProcessing();
  try {
    bench.tell("making the video");
    const body = clip(CLIP);
    const file = join(bench.folder, "source.mp4");
    writeFileSync(file, body);
    const args = await argumentsFor(file, { preset: PRESET, threads: availableParallelism() });
    const run = await startProcessor(processing, {
      name: "processor",
      environment: { X264_PRESET: PRESET, LEASE_SECONDS: "60", CONCURRENCY: "1" },
    });
    try {
      return await takeTurns(bench, {
        processor: async () => ({ wall: await processed(processing, run, body) }),
        ffmpeg: async () => ({ wall: await bareFfmpeg(args, bench.folder) }),
      });
    } finally {
      await run.process.stop();
    }
  } finally {
    await stopProcessing(processing);
  }
}

/** Seconds from the claim of a video to its being ready, as the processor measures them for CloudWatch. */
async function processed(processing: Processing, run: ProcessorRun, body: Buffer): Promise<number> {
  const id = await register(processing);
  await upload(processing, { id, body });
  const ready = (): Record<string, unknown> | undefined =>
    run.lines().find(({ message, mediaId }) => message === "ready" && mediaId === id);
  await until(`${id} is ready`, () => ready() !== undefined, {
    timeoutSeconds: 900,
    details: () => run.output(),
  });
  return Number(ready()?.milliseconds) / 1_000;
}
