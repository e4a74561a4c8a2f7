import type { FailureCode } from "../../handlers/media/failure-reasons";
import type { Encoding } from "../../handlers/processor/ffmpeg-arguments";
import type { Processed } from "../../handlers/processor/ports";

/** Arguments of the worker, as JSON. */
export interface WorkerInput {
  readonly file: string;
  /** Folder for the stream. */
  readonly stream: string;
  readonly encoding: Encoding;
  readonly timeoutSeconds: number;
}

/** What the processor made of a file. */
export type Processing =
  | ({ readonly outcome: "ready" } & Processed)
  | {
      readonly outcome: "failed";
      /** Undefined if the processor would try again. */
      readonly code: FailureCode | undefined;
      readonly reason: string;
      readonly cause: string | undefined;
    };

/** The worker's output, one line of JSON. */
export interface WorkerOutput {
  readonly processing: Processing;
  /** Peak memory of the processor and ffmpeg together. */
  readonly peakMemoryMiB: number;
  readonly cpuSeconds: number;
}
