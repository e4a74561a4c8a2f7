import { setTimeout as sleep } from "node:timers/promises";
import { Heartbeat } from "./heartbeat";
import { type Reading, readMessage, type SourceVersion } from "./message";
import { type Outcome, retryDelaySeconds, retryAfter, combinedOutcome } from "./outcome";
import type { Log, Message, Queue } from "./ports";
import type { VideoJob } from "./video-job";

export interface MessageHandlerOptions {
  readonly queue: Queue;
  readonly uploadsBucket: string;
  readonly job: Pick<VideoJob, "run">;
  readonly log: Log;
  /** Seconds that a message stays hidden without extension. */
  readonly hiddenSeconds: number;
  /** Receives before a message moves to the dead-letter queue. */
  readonly maxReceives: number;
}

/**
 * Keeps a message hidden while a `VideoJob` processes it, then deletes it or returns it to the queue, depending on the
 * outcome.
 */
export class MessageHandler {
  constructor(private readonly options: MessageHandlerOptions) {}

  /** Handles a message. Never rejects; errors are logged, and the message is delivered again. */
  async handle(message: Message, signal: AbortSignal): Promise<void> {
    const { queue, log, hiddenSeconds } = this.options;
    const warn = (text: string) => (error: unknown) => log.warn(text, { messageId: message.id, error });
    const heartbeat = new Heartbeat(
      hiddenSeconds / 3,
      () => queue.hide(message, hiddenSeconds),
      warn("the message's visibility timeout could not be extended"),
    );
    const outcome = await this.outcome(message, signal);
    await heartbeat.stop();
    if (outcome.kind === "completed") {
      await queue.delete(message).catch(warn("the message could not be deleted"));
    } else if (outcome.kind === "retry") {
      await queue
        .hide(message, outcome.seconds)
        .catch(warn("the message could not be returned to the queue"));
    }
  }

  private async outcome(message: Message, signal: AbortSignal): Promise<Outcome> {
    const { log, uploadsBucket } = this.options;
    const about = { messageId: message.id, receives: message.receives };
    let reading: Reading;
    try {
      reading = readMessage(message.body, { uploadsBucket });
    } catch (error) {
      log.error("an unreadable message goes to the dead-letter queue", { ...about, error });
      return retryAfter(0);
    }
    for (const dropped of reading.dropped) log.info("dropped", { ...about, dropped });
    const outcomes: Outcome[] = [];
    for (const version of reading.sources) outcomes.push(await this.untilFinal(version, message, signal));
    return combinedOutcome(outcomes);
  }

  private async untilFinal(version: SourceVersion, message: Message, signal: AbortSignal): Promise<Outcome> {
    for (;;) {
      const outcome = await this.attempt(version, message, signal);
      // A message returned after its last receive is not delivered again, so wait here until the media has its final
      // status.
      const last =
        outcome.kind === "retry" && outcome.seconds > 0 && message.receives >= this.options.maxReceives;
      if (!last || signal.aborted) return outcome;
      await sleep(outcome.seconds * 1_000, undefined, { signal }).catch(() => undefined);
    }
  }

  private async attempt(version: SourceVersion, message: Message, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return retryAfter(0);
    try {
      return await this.options.job.run(version, message, signal);
    } catch (error) {
      if (signal.aborted) return retryAfter(0);
      this.options.log.error("processing attempt failed", {
        mediaId: version.id,
        messageId: message.id,
        error,
      });
      return retryAfter(retryDelaySeconds(message.receives));
    }
  }
}
