/** What each video may take of a processor. */
export interface Capacity {
  /** Videos at a time. */
  readonly concurrency: number;
  /** Threads of ffmpeg's decoder and of each of its encoders. */
  readonly threads: number;
  /** The most address space of one run of ffmpeg, in MiB. */
  readonly memoryMiB: number;
}

export interface Machine {
  /** CPUs, or what is visible of them. */
  readonly processors: number;
  /** Memory of the task, in MiB. */
  readonly memoryMiB: number;
  /** Videos at a time, where that is set. */
  readonly concurrency: number | undefined;
}

/** MiB that a video is expected to need: one in 1080p takes about 850 as address space. */
const EXPECTED_MIB_PER_VIDEO = 1_024;
/** MiB of address space below which ffmpeg can make no stream: its libraries take 270. */
const MIN_MIB_PER_VIDEO = 384;
/**
 * MiB of a task, for each video, that ffmpeg can't have. Its libraries count as address space though little of them is
 * in memory: that leaves this process, and the daemon of the traces, another 200.
 */
const RESERVED_MIB_PER_VIDEO = 64;

/** Divides a processor among videos; throws when what is set leaves ffmpeg too little memory. */
export function capacityOf({ processors, memoryMiB: all, concurrency: set }: Machine): Capacity {
  const fitting = Math.min(Math.floor(processors / 2), Math.floor(all / EXPECTED_MIB_PER_VIDEO));
  const concurrency = set ?? Math.max(1, fitting);
  const memoryMiB = Math.floor(all / concurrency) - RESERVED_MIB_PER_VIDEO;
  if (memoryMiB < MIN_MIB_PER_VIDEO) {
    throw new Error(
      `CONCURRENCY ${concurrency} and MEMORY_MIB ${all} leave ${memoryMiB} MiB to each video, ` +
        `at least ${MIN_MIB_PER_VIDEO} are needed: process fewer at a time, or give the task more memory`,
    );
  }
  return { concurrency, threads: Math.max(1, Math.ceil(processors / concurrency)), memoryMiB };
}
