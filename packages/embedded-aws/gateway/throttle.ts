import type { Route, Throttle } from "./definition";

/** API Gateway's token bucket: `burst` requests at once, refilled with `rate` a second. */
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

  /** Takes a token, if there is one. */
  take(now = Date.now()): boolean {
    const { rate, burst } = this.throttle;
    this.tokens = Math.min(burst, this.tokens + ((now - this.filled) / 1000) * rate);
    this.filled = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}

/** The buckets of a stage: one for each method with settings of its own, one for all the others. */
export class Throttles {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(private readonly throttles: Readonly<Record<string, Throttle>>) {}

  /** Whether a request of a route may pass now; takes a token if so. */
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
