export interface BreakerOptions {
  /** Milliseconds that something is left alone after its first failure; doubled with each further one. */
  readonly shortest: number;
  readonly longest: number;
  readonly now?: () => number;
}

/** Keeps those who ask from waiting, one after the other, for something that is down. */
export class Breaker {
  private failures = 0;
  private closedUntil = 0;

  constructor(private readonly options: BreakerOptions) {}

  /** Whether it is time to ask. */
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
