import { failureReason } from "../media/failure-reasons";
import { Heartbeat } from "./heartbeat";
import type { Log, MediaChanges, ProgressBoard, Statuses } from "./ports";
import { progressOf } from "./progress";

export interface SweepOptions {
  readonly statuses: Pick<Statuses, "failAbandoned">;
  readonly board: Pick<ProgressBoard, "write">;
  readonly changes: MediaChanges;
  readonly log: Log;
}

/** Seconds between sweeps. */
const SWEEP_INTERVAL_SECONDS = 60;
/** Seconds without lease after which no further receive is expected. */
const ABANDONED_AFTER_SECONDS = 3_600;

/** Fails media whose processors died or failed until the message moved to the dead-letter queue. */
export class Sweep {
  private readonly heartbeat: Heartbeat;

  constructor(private readonly options: SweepOptions) {
    const { log } = options;
    this.heartbeat = new Heartbeat(
      SWEEP_INTERVAL_SECONDS,
      () => this.once(),
      (error) => log.warn("sweep for abandoned media failed", { error }),
    );
  }

  async stop(): Promise<void> {
    await this.heartbeat.stop();
  }

  private async once(): Promise<void> {
    const { statuses, board, changes, log } = this.options;
    const reason = failureReason("interrupted");
    for (const id of await statuses.failAbandoned(ABANDONED_AFTER_SECONDS, reason)) {
      log.error("abandoned", { mediaId: id });
      await board.write(id, progressOf({ status: "failed", percent: 0, reason, now: Date.now() }));
      await changes.changed(id);
    }
  }
}
