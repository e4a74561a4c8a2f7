import type { Ledger } from "./ledger";

/** Memory of the processes of a program. */
export interface ProgramMemory {
  /** Number of processes, which follows the load; it is reported and not judged. */
  readonly processes: number;
  /** Memory of the largest process in MiB. A sum would also grow with the number of processes. */
  readonly largestMiB: number;
}

/** Memory of each program, at equal distances of time. */
export type MemorySamples = readonly ReadonlyMap<string, ProgramMemory>[];

/** Memory in the last third of the time may be this much larger than in the second, by a share and in MiB. */
const [MAX_GROWTH, MAX_GROWN_MIB] = [1.15, 16];
/** The embedded AWS, whose memory is that of AWS's disks. */
const GROWING = /^python/;
const WHY_GROWING =
  "; not bounded, because it keeps all versions of all objects, messages and logs in memory";
/** Indexes of the thirds of the time. */
const THIRDS = [0, 1, 2];

/** A line for each program that always runs. A fault if the memory of one grows that should not. */
export function memoryLines(samples: MemorySamples, ledger: Pick<Ledger, "fault">): string[] {
  const programs = [...(samples[0]?.keys() ?? [])].filter((name) => samples.every((one) => one.has(name)));
  return programs.map((name) => {
    const third = Math.floor(samples.length / 3);
    // Work comes and goes; the least memory is what stays.
    const least = (part: number, of: keyof ProgramMemory) =>
      Math.min(...samples.slice(part * third, (part + 1) * third).map((one) => one.get(name)?.[of] ?? NaN));
    const [first = NaN, second = NaN, last = NaN] = THIRDS.map((part) => least(part, "largestMiB"));
    const processes = THIRDS.map((part) => least(part, "processes")).join(", ");
    const grew = last > second * MAX_GROWTH && last > second + MAX_GROWN_MIB;
    if (grew && !GROWING.test(name))
      ledger.fault(
        `the memory of the largest ${name} grew from ${Math.round(second)} to ${Math.round(last)} MiB`,
      );
    const figures = [first, second, last].map(Math.round).join(", ");
    const why = GROWING.test(name) ? WHY_GROWING : "";
    return `memory of the largest ${name}: ${figures} MiB at least in each third; ${processes} processes${why}`;
  });
}
