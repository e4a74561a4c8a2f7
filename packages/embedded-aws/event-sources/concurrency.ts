/** Lambda's initial concurrent batches. */
const INITIAL_CONCURRENCY = 5;
/** Maximum if the mapping has no limit. */
const MAX_CONCURRENCY = 1_000;
/** Lambda adds up to 300 per minute while messages wait. */
export const GROWTH_INTERVAL_MS = 200;

/**
 * Concurrent batches of a mapping: increases while messages wait, decreases after failures.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export class Concurrency {
  private readonly most: number;
  limit: number;

  constructor(most: number | undefined) {
    this.most = most ?? MAX_CONCURRENCY;
    this.limit = Math.min(INITIAL_CONCURRENCY, this.most);
  }

  grow(): void {
    this.limit = Math.min(this.most, this.limit + 1);
  }

  backOff(): void {
    this.limit = Math.max(1, Math.floor(this.limit / 2));
  }
}
