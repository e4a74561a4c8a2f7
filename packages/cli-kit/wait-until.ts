import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  /**
   * Seconds until it fails; generous because a busy machine is much slower.
   * @default 1200
   */
  readonly timeoutSeconds?: number | undefined;
  /** Additional text for the error. */
  readonly details?: () => string | Promise<string>;
}

/** Waits until a condition is true; throws after the timeout, with the details. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { timeoutSeconds = 1_200, details = () => "" }: WaitOptions = {},
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutSeconds} s: ${what}\n${await details()}`);
    await sleep(100);
  }
}
