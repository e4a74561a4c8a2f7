import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something holds; throws after so many seconds, with the details. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds = 240,
  details: () => string | Promise<string> = () => "",
): Promise<void> {
  const deadline = Date.now() + seconds * 1_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}\n${await details()}`);
    await sleep(100);
  }
}
