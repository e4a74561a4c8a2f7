/** Batches that Lambda handles at once when messages come. */
const INITIAL_CONCURRENCY = 5;
/** Without a limit of the mapping's own. */
const MAX_CONCURRENCY = 1_000;
/** Lambda adds up to 300 a minute while messages are left. */
export const GROWTH_INTERVAL_MS = 200;

/**
 * How many batches of one mapping are handled at once: more while messages are left, fewer after failures.
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
