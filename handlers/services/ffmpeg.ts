import { inputArguments } from "../processor/ffmpeg-arguments";
import { Poison } from "../processor/failures";
import type { TranscodeOptions, Transcoder } from "../processor/ports";
import { runProgram } from "./program";

export interface FfmpegOptions {
  /** The whole environment of ffmpeg: it reads what strangers send, and needs none of our credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds without progress after which it is ended. */
  readonly stalled?: number;
}

/** Words of ffmpeg and ffprobe for what is no fault of the file. */
const OURS = /No space left on device|Cannot allocate memory|Too many open files|Input\/output error/i;
const PROBE = 60_000;

/** The programs ffprobe and ffmpeg, from the PATH of the environment. */
export class Ffmpeg implements Transcoder {
  constructor(private readonly options: FfmpegOptions) {}

  async probe(file: string, signal: AbortSignal): Promise<unknown> {
    const args = ["-v", "error", "-of", "json", "-show_format", "-show_streams", ...inputArguments(file)];
    const { environment } = this.options;
    let output = "";
    const { code, errors } = await runProgram("ffprobe", args, {
      environment,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE)]),
      onLine: (line) => void (output += line),
    });
    if (code === 0) return JSON.parse(output);
    throw blamed("ffprobe", errors, reasonOf(errors));
  }

  async transcode(
    args: readonly string[],
    { folder, signal, onProgress }: TranscodeOptions,
  ): Promise<number> {
    const { environment, stalled = 120_000 } = this.options;
    const stall = new AbortController();
    const timer = setTimeout(
      () => stall.abort(new Error(`ffmpeg made no progress in ${stalled} ms`)),
      stalled,
    );
    let done = 0;
    try {
      const { code, errors } = await runProgram("ffmpeg", args, {
        environment,
        folder,
        signal: AbortSignal.any([signal, stall.signal]),
        onLine: (line) => {
          done = Math.max(done, Number(/^out_time_us=(\d+)/.exec(line)?.[1] ?? 0) / 1_000_000);
          const [, seconds] = /\bpts_time:([\d.]+)/.exec(line) ?? [];
          if (seconds === undefined) return;
          timer.refresh();
          onProgress(Number(seconds));
        },
      });
      if (code === 0 && done > 0) return done;
      throw blamed(
        "ffmpeg",
        errors,
        "The video can't be decoded: the file is damaged or of an unusual kind.",
      );
    } finally {
      clearTimeout(timer);
    }
  }
}

function blamed(program: string, errors: string, reason: string): Error {
  const cause = new Error(`${program}: ${errors.slice(-1_000)}`);
  return OURS.test(errors) ? cause : new Poison(reason, { cause });
}

function reasonOf(errors: string): string {
  return /moov atom not found|End of file|EBML header|Truncating/i.test(errors)
    ? "The video is incomplete: the file was cut off or is damaged."
    : "The file is not a video of a kind that can be read.";
}
