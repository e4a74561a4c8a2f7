import { setTimeout as sleep } from "node:timers/promises";
import { ShutdownError } from "./errors";
import type { MessageHandler } from "./message-handler";
import type { Log, Queue } from "./ports";

export interface QueueConsumerOptions {
  readonly queue: Pick<Queue, "receive">;
  readonly handler: Pick<MessageHandler, "handle">;
  /** Concurrent messages. */
  readonly concurrency: number;
  readonly log: Log;
  /** Initial pause after a failed poll in milliseconds; doubled up to 32 times this. */
  readonly firstPauseMs?: number;
}

export interface ConsumerSignals {
  /** Stops receiving. */
  readonly stop: AbortSignal;
  /** Ends running work too. */
  readonly abandon: AbortSignal;
}

/** Maximum milliseconds between polls, unless at full concurrency: three long polls. */
const MAX_POLL_SILENCE_MS = 60_000;

/** Receives up to `concurrency` messages at a time, and passes each to the `MessageHandler`. */
export class QueueConsumer {
  private readonly active = new Set<Promise<void>>();
  private lastPollAt = Date.now();
  private failures = 0;

  constructor(private readonly options: QueueConsumerOptions) {}

  get activeMessages(): number {
    return this.active.size;
  }

  /** Whether it polls the queue, or is at full concurrency. */
  isPolling(now = Date.now()): boolean {
    return this.active.size >= this.options.concurrency || now - this.lastPollAt < MAX_POLL_SILENCE_MS;
  }

  /**
   * Receives messages until `stop`; resolves when the last poll and all work have ended. Polls are not cancelled,
   * because a message in transit would be hidden and lose a receive. Work receives `abandon` and must end soon with its
   * reason.
   */
  async run(signals: ConsumerSignals): Promise<void> {
    const { stop } = signals;
    const stopped = aborted(stop);
    while (!stop.aborted) {
      const free = this.options.concurrency - this.active.size;
      if (free > 0) await this.take(free, signals);
      else await Promise.race([...this.active, stopped]);
    }
    await Promise.all(this.active);
  }

  private async take(count: number, { stop, abandon }: ConsumerSignals): Promise<void> {
    const { queue, handler, log, firstPauseMs = 1_000 } = this.options;
    try {
      this.lastPollAt = Date.now();
      const messages = await queue.receive(count);
      this.failures = 0;
      // Messages that arrive now are returned.
      const signal = stop.aborted
        ? AbortSignal.abort(new ShutdownError("the processor is stopping"))
        : abandon;
      for (const message of messages) {
        const work = handler.handle(message, signal).finally(() => this.active.delete(work));
        this.active.add(work);
      }
    } catch (error) {
      if (stop.aborted) return;
      log.warn("the queue is unavailable", { error });
      const wait = firstPauseMs * 2 ** Math.min(this.failures++, 5);
      await sleep(wait, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
