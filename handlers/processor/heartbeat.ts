/**
 * Runs a task immediately and every few seconds until stopped. Failures are reported and retried at the next beat; runs
 * never overlap.
 */
export class Heartbeat {
  private readonly timer: NodeJS.Timeout;
  private beating: Promise<void> | undefined;

  constructor(
    seconds: number,
    private readonly beat: () => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => this.once(), seconds * 1_000);
    this.once();
  }

  /** Resolves when no run is in progress. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
  }

  private once(): void {
    this.beating ??= this.beat()
      .catch(this.onFailure)
      .finally(() => (this.beating = undefined));
  }
}
