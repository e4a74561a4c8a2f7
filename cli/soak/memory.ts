import type { Ledger } from "./ledger";

/** Memory of each program in MiB, at equal distances of time. */
export type MemorySamples = readonly ReadonlyMap<string, number>[];

/** Memory in the last third of the time may be this much larger than in the second, by a share and in MiB. */
const [MAX_GROWTH, MAX_GROWN_MIB] = [1.15, 16];
/** The embedded AWS, whose memory is that of AWS's disks. */
const GROWING = /^python/;
const WHY_GROWING =
  "; not bounded, because it keeps all versions of all objects, messages and logs in memory";

/** A line for each program that always runs. A fault if the memory of one grows that should not. */
export function memoryLines(samples: MemorySamples, ledger: Pick<Ledger, "fault">): string[] {
  const programs = [...(samples[0]?.keys() ?? [])].filter((name) => samples.every((one) => one.has(name)));
  return programs.map((name) => {
    const third = Math.floor(samples.length / 3);
    // Work comes and goes; the least memory is what stays.
    const least = (part: number) =>
      Math.min(...samples.slice(part * third, (part + 1) * third).map((one) => one.get(name) ?? NaN));
    const [first, second, last] = [least(0), least(1), least(2)];
    const grew = last > second * MAX_GROWTH && last > second + MAX_GROWN_MIB;
    if (grew && !GROWING.test(name))
      ledger.fault(`the memory of ${name} grew from ${Math.round(second)} to ${Math.round(last)} MiB`);
    return `memory of ${name}: ${[first, second, last].map(Math.round).join(", ")} MiB at least in each third${GROWING.test(name) ? WHY_GROWING : ""}`;
  });
}
