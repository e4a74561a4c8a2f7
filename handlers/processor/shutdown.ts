import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { ShutdownError } from "./errors";
import type { Log } from "./ports";
import type { QueueConsumer } from "./queue-consumer";

export interface ShutdownOptions {
  /** How long a video may go on after the signal. */
  readonly stopSeconds: number;
  readonly log: Log;
}

/** Work that is told to end has so long to clear up, in milliseconds. */
const CLEAR_UP_MS = 8_000;

/** Ends the processor at SIGTERM or SIGINT: first no more messages are taken, then what is left is handed back. */
export class Shutdown {
  private readonly stopping = new AbortController();
  private readonly abandoning = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ShutdownOptions) {}

  /** Aborts at the signal: nothing more is taken. */
  get stop(): AbortSignal {
    return this.stopping.signal;
  }

  /** Aborts `stopSeconds` later: what is still worked on ends. */
  get abandon(): AbortSignal {
    return this.abandoning.signal;
  }

  listen(consumer: Pick<QueueConsumer, "activeMessages">): void {
    const { log, stopSeconds } = this.options;
    const begin = (signal: NodeJS.Signals): void => {
      if (this.stop.aborted) return;
      log.info("stopping", { signal, working: consumer.activeMessages });
      this.stopping.abort();
      const abandon = (): void => this.abandoning.abort(new ShutdownError("the processor ends"));
      this.timer = setTimeout(abandon, stopSeconds * 1_000);
    };
    process.on("SIGTERM", begin).on("SIGINT", begin);
  }

  /** Resolves when the consumer has ended, or when it must be left: a database that is away does not hold the task. */
  async after(consumption: Promise<void>): Promise<void> {
    await Promise.race([consumption, this.clearedUp()]);
    clearTimeout(this.timer);
  }

  private async clearedUp(): Promise<void> {
    if (!this.abandon.aborted) await once(this.abandon, "abort");
    await sleep(CLEAR_UP_MS, undefined, { ref: false });
  }
}
