import { setTimeout as sleep } from "node:timers/promises";
import { lastLines, type RunningProcess } from "@packages/cli-kit/process";

export interface HealthOptions {
  /** Log file, quoted in errors. */
  readonly log: string;
  /**
   * Milliseconds until it must be ready.
   * @default 30 000
   */
  readonly timeout?: number;
}

/**
 * Resolves when `ready` returns true. Throws if the server ends or the timeout passes, with the last lines of its log;
 * the server is stopped then.
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
