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
    void this.board.write(
      this.id,
      progressOf({ status: "processing", percent: this.highest, now: this.now() }),
    );
  };

  /** The last word; what comes later is not told. */
  async end(status: Status, reason?: string): Promise<void> {
    this.closed = true;
    const percent = status === "ready" ? 100 : this.highest;
    await this.board.write(this.id, progressOf({ status, percent, reason, now: this.now() }));
  }
}

/** Progress as it is written to the board; `now` is in milliseconds since 1970. */
export function progressOf({ now, ...progress }: Omit<Progress, "at"> & { readonly now: number }): Progress {
  return { ...progress, at: new Date(now).toISOString() };
}
