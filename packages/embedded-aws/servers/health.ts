import { setTimeout as sleep } from "node:timers/promises";
import { lastLines, type RunningProcess } from "@packages/cli-kit/process";

export interface HealthOptions {
  /** The server's log file, quoted when it fails. */
  readonly log: string;
  /** Milliseconds until it must be ready: 30 000 by default. */
  readonly timeout?: number;
}

/**
 * Resolves when `ready` first says so. Throws when the server ends before, or the time is over; the server is stopped
 * then, and the message names its log and quotes the last lines.
 */
export async function untilReady(
  server: RunningProcess,
  ready: () => Promise<boolean>,
  { log, timeout = 30_000 }: HealthOptions,
): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await ready())) {
    const ending = server.ending();
    if (ending) {
      const how = ending.signal ? `by ${ending.signal}` : `with exit code ${ending.code}`;
      throw new Error(`${server.name} ended ${how} before it was ready (${log}):\n${lastLines(log)}`);
    }
    if (Date.now() > deadline) {
      await server.stop();
      throw new Error(`${server.name} was not ready after ${timeout / 1000} s (${log}):\n${lastLines(log)}`);
    }
    await sleep(30);
  }
}
