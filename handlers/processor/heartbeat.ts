/**
 * Does something now and again every so many seconds until it is stopped. What fails is told and done again at the
 * next beat; two never run at once.
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

  /** Resolves when no beat is under way any more. */
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
