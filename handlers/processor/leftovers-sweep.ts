import { failureReason } from "../media/failure-reasons";
import { Heartbeat } from "./heartbeat";
import type { Leftover, Leftovers, Log, MediaChanges, SourceObjects } from "./ports";
import type { ProcessingQueue } from "../media/ports";

export interface LeftoversSweepOptions {
  readonly leftovers: Leftovers;
  readonly objects: SourceObjects;
  readonly queue: ProcessingQueue;
  readonly changes: MediaChanges;
  /** Counts media that the sweep could not end, whose event was lost, or that it has given up. */
  readonly measureStranded: (count: number) => void;
  readonly log: Log;
}

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** Seconds between sweeps. */
const SWEEP_INTERVAL_SECONDS = 300;
/**
 * Ages in seconds at which media are left over: an interrupted removal; an upload whose message is lost or waits, which
 * then gets another one; an upload that nobody completes. S3 removes its parts after seven days.
 */
const AGES = {
  removingSeconds: HOUR_SECONDS / 4,
  uploadedSeconds: 6 * HOUR_SECONDS,
  registeredSeconds: 8 * DAY_SECONDS,
};
/**
 * Messages that an upload gets from sweeps. After them it is failed, so that its creator learns of it and can retry; if
 * the queue is only long, one of its messages still processes it.
 */
const MAX_MESSAGES = 4;
/** Media of one sweep. */
const LIMIT = 20;

type Result = "removed" | "requeued" | "failed" | "given up";

/**
 * Ends what nobody works on any more: finishes interrupted removals, sends lost messages again, and fails uploads that
 * were never completed or whose messages come to nothing.
 */
export class LeftoversSweep {
  private readonly heartbeat: Heartbeat;

  constructor(private readonly options: LeftoversSweepOptions) {
    const { log } = options;
    this.heartbeat = new Heartbeat(
      SWEEP_INTERVAL_SECONDS,
      () => this.once(),
      (error) => log.warn("sweep of what is left over failed", { error }),
    );
  }

  async stop(): Promise<void> {
    await this.heartbeat.stop();
  }

  private async once(): Promise<void> {
    const { leftovers, measureStranded, log } = this.options;
    let stranded = 0;
    for (const leftover of await leftovers.take({ ...AGES, limit: LIMIT })) {
      const about = { mediaId: leftover.id, kind: leftover.kind };
      try {
        const result = await this.end(leftover);
        log.info("swept", { ...about, result });
        if (result === "requeued" || result === "given up") stranded++;
      } catch (error) {
        // It is taken again later; others must not wait for it.
        log.warn("what is left over could not be ended", { ...about, error });
        stranded++;
      }
    }
    measureStranded(stranded);
  }

  private async end({ id, kind, sequencer, taken }: Leftover): Promise<Result> {
    const { leftovers, objects, queue, changes } = this.options;
    if (kind === "removing") {
      await objects.removeMedia(id);
      await leftovers.forget(id);
      return "removed";
    }
    const source = await objects.source(id);
    if (source === undefined) {
      await leftovers.fail(id, failureReason(kind === "registered" ? "expired" : "gone"));
      await changes.changed(id);
      return "failed";
    }
    if (taken >= MAX_MESSAGES) {
      const hours = ((MAX_MESSAGES + 1) * AGES.uploadedSeconds) / HOUR_SECONDS;
      await leftovers.fail(id, failureReason("notStarted", { hours }));
      await changes.changed(id);
      return "given up";
    }
    if (kind === "registered") await leftovers.uploaded(id);
    await queue.send({ id, source, sequencer });
    await changes.changed(id);
    return "requeued";
  }
}
