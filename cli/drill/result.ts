import { setTimeout as sleep } from "node:timers/promises";

/** Objectives in seconds: maximum loss (RPO) and maximum time to recover (RTO). */
export interface Objectives {
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
}

/** One disaster of a drill and its recovery. */
export interface Scene {
  readonly what: string;
  /** Number of compared rows, objects, resources or videos; a drill that compares nothing has failed. */
  readonly compared: number;
  /** Differences; none if the drill succeeds. */
  readonly differences: readonly string[];
  /** Seconds between the oldest lost change and the disaster; 0 if nothing is lost. */
  readonly rpoSeconds: number;
  /** Seconds from the decision until everything is usable. */
  readonly rtoSeconds: number;
}

export interface DrillResult {
  readonly title: string;
  /** Unit of `compared`, such as `rows`. */
  readonly unit: string;
  readonly objectives: Objectives;
  /** Description of the setup and its size. */
  readonly setup: string;
  readonly scenes: readonly Scene[];
  /** What the figures mean, and what they don't show. */
  readonly meaning: string;
}

/** A drill that runs on this machine only. */
export interface Drill {
  /** Keeps all files in the folder and deletes them at the end. */
  run(folder: string, tell: (line: string) => void): Promise<DrillResult>;
}

/** Whether a drill met its objectives without differences. */
export function keeps({ objectives, scenes }: DrillResult): boolean {
  return (
    scenes.length > 0 &&
    scenes.every(
      ({ compared, differences, rpoSeconds, rtoSeconds }) =>
        compared > 0 &&
        differences.length === 0 &&
        rpoSeconds <= objectives.rpoSeconds &&
        rtoSeconds <= objectives.rtoSeconds,
    )
  );
}

/** Seconds since a time in milliseconds. */
export const since = (began: number): number => (Date.now() - began) / 1_000;

/** Waits until the current second is over, because S3's times have seconds; returns it. */
export async function secondOver(): Promise<Date> {
  const second = Math.floor(Date.now() / 1_000);
  await sleep((second + 1) * 1_000 - Date.now() + 5);
  return new Date(second * 1_000);
}
