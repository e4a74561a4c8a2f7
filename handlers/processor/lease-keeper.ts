import { LeaseLostError } from "./errors";
import { Heartbeat } from "./heartbeat";
import type { Lease, Statuses } from "./ports";

export interface LeaseKeeperOptions {
  readonly statuses: Pick<Statuses, "renew" | "confirm">;
  readonly lease: Lease;
  /** How long the lease lasts when it is not renewed. */
  readonly seconds: number;
  readonly onFailure: (error: unknown) => void;
}

/** Renews a lease three times as often as it must be, until it is stopped. */
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

  /** Aborts when the lease is another's. */
  get lost(): AbortSignal {
    return this.loss.signal;
  }

  /** Waits until the lease is certain; rejects when it is another's. */
  async confirm(): Promise<void> {
    const { statuses, lease, seconds } = this.options;
    this.note(await statuses.confirm(lease, seconds));
    this.loss.signal.throwIfAborted();
  }

  /** Resolves when no renewal is under way any more. */
  async stop(): Promise<void> {
    await this.heartbeat.stop();
  }

  private note(held: boolean): void {
    if (!held) this.loss.abort(new LeaseLostError("the lease is another's"));
  }
}
