import type { Route, Throttle } from "./definition";

/** API Gateway's token bucket: `burst` requests, refilled with `rate` per second. */
export class TokenBucket {
  private tokens: number;
  private filled: number;

  constructor(
    private readonly throttle: Throttle,
    now = Date.now(),
  ) {
    this.tokens = throttle.burst;
    this.filled = now;
  }

  /** Takes a token; false if there is none. */
  take(now = Date.now()): boolean {
    const { rate, burst } = this.throttle;
    this.tokens = Math.min(burst, this.tokens + ((now - this.filled) / 1000) * rate);
    this.filled = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}

/** Token buckets of a stage: one per method with its own settings, one for all others. */
export class Throttles {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(private readonly throttles: Readonly<Record<string, Throttle>>) {}

  /** Whether a request may pass now; takes a token if so. */
  admits({ path, method }: Pick<Route, "path" | "method">): boolean {
    const key = [`${path.slice(1).replaceAll("/", "~1")}/${method}`, `${path}/${method}`, "*/*"].find(
      (candidate) => this.throttles[candidate],
    );
    const throttle = key && this.throttles[key];
    if (!key || !throttle) return true;
    const bucket = this.buckets.get(key) ?? new TokenBucket(throttle);
    this.buckets.set(key, bucket);
    return bucket.take();
  }
}
