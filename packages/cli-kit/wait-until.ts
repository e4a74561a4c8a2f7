import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  /** 1200 by default: a busy machine takes many times as long as an idle one. */
  readonly timeoutSeconds?: number | undefined;
  /** What the error says besides. */
  readonly details?: () => string | Promise<string>;
}

/** Waits until something holds; throws after the timeout, with the details. */
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
