import { createHash } from "node:crypto";

/** Points of a graph in a picture. */
export const POINTS = 72;

/**
 * A made-up series that looks like a metric: equal for equal names, between nothing and the line that an alarm has, or
 * whatever is usual for the unit.
 */
export function madeUp(name: string, unit: string, limit: number | undefined): number[] {
  const random = generator(name);
  const top = (limit === undefined ? (USUAL[unit] ?? 40) : limit * 0.7) * (0.5 + random() / 2);
  const phase = random() * Math.PI * 2;
  return Array.from({ length: POINTS }, (_, index) => {
    const wave = (1 + Math.sin((index / POINTS) * Math.PI * 3 + phase)) / 2;
    return Math.max(0, top * (0.25 + 0.55 * wave + 0.2 * random()));
  });
}

/** What a metric may be about in a middling hour. */
const USUAL: Readonly<Record<string, number>> = {
  Bytes: 60e9,
  "Burn rate": 1.2,
  Messages: 12,
  Milliseconds: 800,
  Percent: 60,
  Requests: 2_400,
  Seconds: 0.02,
  Tasks: 4,
};

/** A repeatable source of numbers from 0 to 1. */
function generator(name: string): () => number {
  let state = createHash("sha256").update(name).digest().readUInt32LE(0);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
