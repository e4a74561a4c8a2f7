import { arrivals, seeded } from "./random";

/** How much work comes, in what one task can do. */
export interface Load {
  readonly name: string;
  readonly hours: number;
  /** Videos of half a task's work come before it begins. */
  readonly rate: (hour: number) => number;
  /** Come all at once, at the end of the first hour. */
  readonly burst?: number;
}

export const LOADS: readonly Load[] = [
  { name: "step × 10", hours: 6, rate: (hour) => (hour >= 1 && hour < 4 ? 5 : 0.5) },
  { name: "day", hours: 24, rate: (hour) => 3.1 - 2.9 * Math.cos((2 * Math.PI * hour) / 24) },
  { name: "quiet days", hours: 48, rate: () => 0.5 },
  { name: "burst of 10 000", hours: 80, rate: () => 0.5, burst: 10_000 },
];

export interface ArrivalOptions {
  /** How many videos a task does in a second. */
  readonly videosPerSecond: number;
  readonly seed: number;
}

/** When the videos of a load arrive, in seconds. */
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
