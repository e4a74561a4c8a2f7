import { arrivals, seeded } from "./random";

/** An arrival pattern, in units of one task's throughput. */
export interface Load {
  readonly name: string;
  readonly hours: number;
  /** Rate by hour; before hour 0 it is half a task's throughput. */
  readonly rate: (hour: number) => number;
  /** Videos that arrive at once after the first hour. */
  readonly burst?: number;
}

export const LOADS: readonly Load[] = [
  { name: "step × 10", hours: 6, rate: (hour) => (hour >= 1 && hour < 4 ? 5 : 0.5) },
  { name: "day", hours: 24, rate: (hour) => 3.1 - 2.9 * Math.cos((2 * Math.PI * hour) / 24) },
  { name: "quiet days", hours: 48, rate: () => 0.5 },
  { name: "burst of 10 000", hours: 80, rate: () => 0.5, burst: 10_000 },
];

export interface ArrivalOptions {
  /** Videos per second of one task. */
  readonly videosPerSecond: number;
  readonly seed: number;
}

/** Arrival times of a load's videos in seconds. */
export function arriving(
  { hours, rate, burst = 0 }: Load,
  { videosPerSecond, seed }: ArrivalOptions,
): number[] {
  const random = seeded(seed + 2);
  const steady = arrivals(random, hours * 3_600, (second) => videosPerSecond * rate(second / 3_600));
  const at = 3_600;
  const before = steady.findIndex((time) => time >= at);
  return [...steady.slice(0, before), ...Array.from({ length: burst }, () => at), ...steady.slice(before)];
}
