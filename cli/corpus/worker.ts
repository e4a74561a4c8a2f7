import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { UnprocessableVideoError } from "../../handlers/processor/errors";
import type { Objects } from "../../handlers/processor/ports";
import { processVideo } from "../../handlers/processor/process-video";
import { Ffmpeg } from "../../handlers/services/ffmpeg";
import { optional } from "../../stacks/lib/optional";
import { ProcessTree } from "../../harness/process-tree";
import type { Processing, WorkerInput, WorkerOutput } from "./worker-input";

const SAMPLE_INTERVAL_MS = 50;

const VERSION = {
  id: "corpus",
  bucket: "corpus",
  key: "source",
  version: "1",
  versioned: true,
  etag: "1",
  sequencer: "1",
};

/** Processes a file as the processor does, with a folder instead of S3. */
async function processed(input: WorkerInput): Promise<Processing> {
  const { file, stream, encoding, timeoutSeconds } = input;
  const folder = mkdtempSync(join(dirname(stream), "work-"));
  const objects: Objects = {
    head: () => Promise.reject(new Error("the worker reads no metadata")),
    download: (_, target) => Promise.resolve(copyFileSync(file, target)),
    upload: ({ key, file: from }) => {
      const target = join(stream, key.split("/").slice(3).join("/"));
      mkdirSync(dirname(target), { recursive: true });
      return Promise.resolve(copyFileSync(from, target));
    },
  };
  try {
    const result = await processVideo(VERSION, {
      objects,
      transcoder: new Ffmpeg({
        environment: { PATH: process.env.PATH ?? "", LANG: "C.UTF-8" },
        ...optional({ memoryMiB: encoding.memoryMiB }),
      }),
      encoding,
      concurrency: 1,
      folder,
      sizeBytes: statSync(file).size,
      signal: AbortSignal.timeout(timeoutSeconds * 1_000),
      report: () => undefined,
      confirm: () => Promise.resolve(),
    });
    return { outcome: "ready", ...result };
  } catch (error) {
    const { message, cause } = error as Error;
    const code = error instanceof UnprocessableVideoError ? error.code : undefined;
    return {
      outcome: "failed",
      code,
      reason: message,
      cause: cause instanceof Error ? cause.message : undefined,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  // Measured here, because the parent's own work would delay its samples.
  const tree = ProcessTree.watch(process.pid, SAMPLE_INTERVAL_MS);
  const processing = await processed(JSON.parse(process.argv[2] ?? "") as WorkerInput);
  tree.stop();
  const output: WorkerOutput = { processing, peakMemoryMiB: tree.peak(), cpuSeconds: tree.cpu() };
  process.stdout.write(`${JSON.stringify(output)}\n`);
}

// The input ends when the parent has died.
process.stdin.resume().once("end", () => process.exit());
void main().finally(() => process.stdin.destroy());
