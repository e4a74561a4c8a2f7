export interface BreakerOptions {
  /** Pause after the first failure in milliseconds; doubled with each further one. */
  readonly shortest: number;
  readonly longest: number;
  readonly now?: () => number;
}

/** A circuit breaker: prevents repeated waiting for an unavailable dependency. */
export class Breaker {
  private failures = 0;
  private closedUntil = 0;

  constructor(private readonly options: BreakerOptions) {}

  /** Whether a call is allowed now. */
  allows(): boolean {
    return this.now() >= this.closedUntil;
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(): void {
    const { shortest, longest } = this.options;
    this.closedUntil = this.now() + Math.min(shortest * 2 ** this.failures++, longest);
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
