import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { ShutdownError } from "./errors";
import type { Log } from "./ports";
import type { QueueConsumer } from "./queue-consumer";

export interface ShutdownOptions {
  /** Seconds that a video may continue after the signal. */
  readonly stopSeconds: number;
  readonly log: Log;
}

/** Milliseconds that ending work has to clean up. */
const CLEAR_UP_MS = 8_000;

/** Stops the processor at SIGTERM or SIGINT: first receiving stops, then remaining messages are returned. */
export class Shutdown {
  private readonly stopping = new AbortController();
  private readonly abandoning = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ShutdownOptions) {}

  /** Aborted at the signal: stop receiving. */
  get stop(): AbortSignal {
    return this.stopping.signal;
  }

  /** Aborted `stopSeconds` later: end running work. */
  get abandon(): AbortSignal {
    return this.abandoning.signal;
  }

  listen(consumer: Pick<QueueConsumer, "activeMessages">): void {
    const { log, stopSeconds } = this.options;
    const begin = (signal: NodeJS.Signals): void => {
      if (this.stop.aborted) return;
      log.info("stopping", { signal, working: consumer.activeMessages });
      this.stopping.abort();
      const abandon = (): void => this.abandoning.abort(new ShutdownError("the processor is stopping"));
      this.timer = setTimeout(abandon, stopSeconds * 1_000);
    };
    process.on("SIGTERM", begin).on("SIGINT", begin);
  }

  /**
   * Resolves when the consumer has ended or must be abandoned, so that an unavailable database does not block the task.
   */
  async after(consumption: Promise<void>): Promise<void> {
    await Promise.race([consumption, this.clearedUp()]);
    clearTimeout(this.timer);
  }

  private async clearedUp(): Promise<void> {
    if (!this.abandon.aborted) await once(this.abandon, "abort");
    await sleep(CLEAR_UP_MS, undefined, { ref: false });
  }
}
