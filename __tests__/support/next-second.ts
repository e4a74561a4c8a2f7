import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for the next second of the clock, so that what follows has a later date; returns the second that is over. S3
 * dates versions by whole seconds, so nothing else separates two of them.
 */
export async function nextSecond(): Promise<Date> {
  const second = Math.floor(Date.now() / 1_000);
  while (Date.now() < (second + 1) * 1_000) await sleep((second + 1) * 1_000 - Date.now());
  return new Date(second * 1_000);
}
