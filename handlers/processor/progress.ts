import type { Status } from "../media/media";
import type { Progress, ProgressBoard } from "./ports";

/** Milliseconds between two notes of the same media. */
const REPORT_INTERVAL_MS = 1_000;

/** Tells how far a media has come, about once a second, and every change of its status. */
export class ProgressReport {
  private last = -Infinity;
  private highest = 0;
  private closed = false;

  constructor(
    private readonly board: ProgressBoard,
    private readonly id: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Percent, 0 to 99; it never goes back. */
  readonly at = (percent: number): void => {
    this.highest = Math.max(this.highest, Math.floor(percent));
    if (this.closed || this.now() - this.last < REPORT_INTERVAL_MS) return;
    this.last = this.now();
    void this.board.write(this.id, progressOf("processing", this.highest, this.now()));
  };

  /** The last word; what comes later is not told. */
  async end(status: Status, reason?: string): Promise<void> {
    this.closed = true;
    await this.board.write(
      this.id,
      progressOf(status, status === "ready" ? 100 : this.highest, this.now(), reason),
    );
  }
}

export function progressOf(status: Status, percent: number, now: number, reason?: string): Progress {
  return { status, percent, ...(reason === undefined ? {} : { reason }), at: new Date(now).toISOString() };
}
