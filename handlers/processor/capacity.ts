/** Resources of each video on a processor. */
export interface Capacity {
  /** Concurrent videos. */
  readonly concurrency: number;
  /** Threads of ffmpeg's decoder and of each encoder. */
  readonly threads: number;
  /** Maximum address space of an ffmpeg run in MiB. */
  readonly memoryMiB: number;
}

export interface Machine {
  /** Number of visible CPUs. */
  readonly processors: number;
  /** Memory of the task, in MiB. */
  readonly memoryMiB: number;
  /** Concurrent videos, if set. */
  readonly concurrency: number | undefined;
}

/** Expected address space of a video in MiB; 1080p needs about 850. */
const EXPECTED_MIB_PER_VIDEO = 1_024;
/** Minimum address space in MiB; ffmpeg's libraries alone take 270. */
const MIN_MIB_PER_VIDEO = 384;
/**
 * MiB per video that ffmpeg can't use. Its libraries count as address space but use little memory, which leaves about
 * another 200 for this process and the trace daemon.
 */
const RESERVED_MIB_PER_VIDEO = 64;

/** Divides a processor's resources among videos; throws if the settings leave ffmpeg too little memory. */
export function capacityOf({ processors, memoryMiB: all, concurrency: set }: Machine): Capacity {
  const fitting = Math.min(Math.floor(processors / 2), Math.floor(all / EXPECTED_MIB_PER_VIDEO));
  const concurrency = set ?? Math.max(1, fitting);
  const memoryMiB = Math.floor(all / concurrency) - RESERVED_MIB_PER_VIDEO;
  if (memoryMiB < MIN_MIB_PER_VIDEO) {
    throw new Error(
      `CONCURRENCY ${concurrency} and MEMORY_MIB ${all} leave ${memoryMiB} MiB per video, ` +
        `at least ${MIN_MIB_PER_VIDEO} are needed: reduce CONCURRENCY, or give the task more memory`,
    );
  }
  return { concurrency, threads: Math.max(1, Math.ceil(processors / concurrency)), memoryMiB };
}
