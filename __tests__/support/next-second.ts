import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for the next second, so that what follows has a later date; returns the previous second. S3 dates versions in
 * whole seconds.
 */
export async function nextSecond(): Promise<Date> {
  const second = Math.floor(Date.now() / 1_000);
  while (Date.now() < (second + 1) * 1_000) await sleep((second + 1) * 1_000 - Date.now());
  return new Date(second * 1_000);
}
