import { inputArguments } from "../processor/ffmpeg-arguments";
import type { FailureCode } from "../media/failure-reasons";
import { UnprocessableVideoError } from "../processor/errors";
import type { RunOptions, Transcoder } from "../processor/ports";
import { CAN_LIMIT_MEMORY, runProgram } from "./program";

export interface FfmpegOptions {
  /** Complete environment of ffmpeg: it reads untrusted files and gets no credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Maximum address space of a run in MiB.
   * @default unlimited
   */
  readonly memoryMiB?: number;
}

/** Messages of ffmpeg and ffprobe about system failures. */
const SYSTEM_FAILURE_MESSAGE = /No space left on device|Too many open files|Input\/output error/i;
/** Messages about truncated files; ffprobe also calls their end an input error. */
const TRUNCATED_FILE_MESSAGE =
  /moov atom not found|End of file|EBML header|Truncating|ended prematurely|partial file/i;
/** Messages of ffmpeg, x264 and the C library about memory exhaustion. */
const OUT_OF_MEMORY_MESSAGE =
  /Cannot allocate memory|malloc of size \d+ failed|Resource temporarily unavailable/i;
/** `-progress` lines whose changes mean progress. */
const PROGRESS_LINE = /^(frame|out_time_us|total_size)=/;
const PROBE_TIMEOUT_MS = 60_000;
/** Time without progress after which ffmpeg is killed. */
const STALLED_MS = 120_000;

/** ffprobe and ffmpeg from the environment's PATH. */
export class Ffmpeg implements Transcoder {
  constructor(private readonly options: FfmpegOptions) {}

  async probe(file: string, signal: AbortSignal): Promise<unknown> {
    const args = ["-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters"];
    let output = "";
    const { code, errors } = await runProgram("ffprobe", [...args, ...inputArguments(file)], {
      ...this.options,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]),
      onLine: (line) => void (output += line),
    });
    if (code === 0) return JSON.parse(output);
    throw this.blamed({ program: "ffprobe", errors, reason: reasonOf(errors) });
  }

  async run(args: readonly string[], { signal, onLine, ...options }: RunOptions): Promise<string> {
    const stall = new AbortController();
    const timer = setTimeout(
      () => stall.abort(new Error(`ffmpeg made no progress in ${STALLED_MS} ms`)),
      STALLED_MS,
    );
    const lastValues = new Map<string, string>();
    try {
      const { code, errors } = await runProgram("ffmpeg", args, {
        ...this.options,
        ...options,
        signal: AbortSignal.any([signal, stall.signal]),
        onLine: (line) => {
          if (advances(line, lastValues)) timer.refresh();
          onLine(line);
        },
      });
      if (code === 0) return errors;
      throw this.blamed({
        program: "ffmpeg",
        errors,
        reason: "undecodable",
      });
    } finally {
      clearTimeout(timer);
    }
  }

  private blamed({ program, errors, reason }: FailedRun): Error {
    const { memoryMiB } = this.options;
    const cause = new Error(`${program}: ${errors.slice(-1_000)}`);
    if (SYSTEM_FAILURE_MESSAGE.test(errors) && !TRUNCATED_FILE_MESSAGE.test(errors)) return cause;
    if (!OUT_OF_MEMORY_MESSAGE.test(errors)) return new UnprocessableVideoError(reason, {}, { cause });
    // With its own limit it would fail again; without one, other processes used the memory.
    if (memoryMiB === undefined || !CAN_LIMIT_MEMORY) return cause;
    return new UnprocessableVideoError("tooMuchMemory", { mebibytes: memoryMiB }, { cause });
  }
}

interface FailedRun {
  readonly program: "ffmpeg" | "ffprobe";
  /** Standard error output. */
  readonly errors: string;
  /** Reason for the creator, if the video is at fault. */
  readonly reason: FailureCode;
}

/** Whether a line of standard output shows progress. */
function advances(line: string, lastValues: Map<string, string>): boolean {
  if (!/^\w+=/.test(line)) return true;
  const [, key] = PROGRESS_LINE.exec(line) ?? [];
  if (key === undefined || lastValues.get(key) === line) return false;
  lastValues.set(key, line);
  return true;
}

/** Formats that ffprobe recognizes and this processor does not open, by the names of their demuxers. */
const OTHER_FORMATS: readonly (readonly [FailureCode, RegExp])[] = [
  ["picture", /_pipe$|^(?:image2|ico|apng|jpegxl_anim|webp_anim)$/],
  [
    "sound",
    /^(?:mp3|wav|w64|flac|aac|ac3|eac3|dts|aiff|amr|amrnb|amrwb|au|caf|ape|wv|tta|mpc8?|aax|dsf|voc)$/,
  ],
  ["playlist", /^(?:hls|dash|concat|sdp|rtsp)$/],
];

function reasonOf(errors: string): FailureCode {
  const [, format] = /\[([\w,]+) @ [^\]]+\] Format not on whitelist/.exec(errors) ?? [];
  if (format !== undefined) return OTHER_FORMATS.find(([, names]) => names.test(format))?.[0] ?? "unreadable";
  return TRUNCATED_FILE_MESSAGE.test(errors) ? "incomplete" : "unreadable";
}
