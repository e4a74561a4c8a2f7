import type { Status } from "../media/media";
import type { Progress, ProgressBoard } from "./ports";

/** Milliseconds between progress reports of a media. */
const REPORT_INTERVAL_MS = 1_000;

/** Reports progress of a media about once per second, and every status change. */
export class ProgressReport {
  private last = -Infinity;
  private highest = 0;
  private closed = false;

  constructor(
    private readonly board: ProgressBoard,
    private readonly id: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Reports percent, 0 to 99; never decreases. */
  readonly at = (percent: number): void => {
    this.highest = Math.max(this.highest, Math.floor(percent));
    if (this.closed || this.now() - this.last < REPORT_INTERVAL_MS) return;
    this.last = this.now();
    void this.board.write(
      this.id,
      progressOf({ status: "processing", percent: this.highest, now: this.now() }),
    );
  };

  /** Reports the final status; later reports are ignored. */
  async end(status: Status, reason?: string): Promise<void> {
    this.closed = true;
    const percent = status === "ready" ? 100 : this.highest;
    await this.board.write(this.id, progressOf({ status, percent, reason, now: this.now() }));
  }
}

/** Progress for the board; `now` is in milliseconds since 1970. */
export function progressOf({ now, ...progress }: Omit<Progress, "at"> & { readonly now: number }): Progress {
  return { ...progress, at: new Date(now).toISOString() };
}
