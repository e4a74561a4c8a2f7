import { LeaseLostError } from "./errors";
import { Heartbeat } from "./heartbeat";
import type { Lease, Statuses } from "./ports";

export interface LeaseKeeperOptions {
  readonly statuses: Pick<Statuses, "renew" | "confirm">;
  readonly lease: Lease;
  /** Duration of the lease without renewal, in seconds. */
  readonly seconds: number;
  readonly onFailure: (error: unknown) => void;
}

/** Renews a lease at a third of its duration, until stopped. */
export class LeaseKeeper {
  private readonly loss = new AbortController();
  private readonly heartbeat: Heartbeat;

  constructor(private readonly options: LeaseKeeperOptions) {
    const { statuses, lease, seconds, onFailure } = options;
    this.heartbeat = new Heartbeat(
      seconds / 3,
      async () => this.note(await statuses.renew(lease, seconds)),
      onFailure,
    );
  }

  /** Aborted when another processor has the lease. */
  get lost(): AbortSignal {
    return this.loss.signal;
  }

  /** Waits until the lease is confirmed; rejects if another processor has it. */
  async confirm(): Promise<void> {
    const { statuses, lease, seconds } = this.options;
    this.note(await statuses.confirm(lease, seconds));
    this.loss.signal.throwIfAborted();
  }

  /** Resolves when no renewal is in progress. */
  async stop(): Promise<void> {
    await this.heartbeat.stop();
  }

  private note(held: boolean): void {
    if (!held) this.loss.abort(new LeaseLostError("another processor has the lease"));
  }
}
