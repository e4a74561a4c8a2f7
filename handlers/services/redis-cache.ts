import { Redis, type RedisOptions } from "ioredis";
import type { Cache } from "../media/media";
import { traced } from "../runtime/trace";

export interface CacheOptions {
  readonly host: string;
  readonly port: number;
  /** TLS with a verified certificate, unless a test runs without. */
  readonly tls?: RedisOptions["tls"] | null;
  /** Told once for each time that the cache is given up. */
  readonly onFailure: (error: Error) => void;
}

/** A request waits so long for the cache, in milliseconds: longer, and the database would have answered. */
const PATIENCE = 100;
/** How long the cache is left alone after a failure, in milliseconds: not every request shall wait for it. */
const PAUSE = 5_000;

/** A cache that is a convenience: when Redis is slow or gone, everything is as if it held nothing. */
export class RedisCache implements Cache {
  private readonly redis: Redis;
  private pausedUntil = 0;

  constructor(private readonly options: CacheOptions) {
    const { host, port, tls } = options;
    this.redis = new Redis({
      host,
      port,
      ...(tls === null ? {} : { tls: tls ?? { servername: host } }),
      lazyConnect: true,
      connectTimeout: 1_000,
      commandTimeout: PATIENCE,
      enableOfflineQueue: true,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
    });
    // Without a listener, ioredis prints each failed connection; it is told below, by those who wait for it.
    this.redis.on("error", () => undefined);
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.attempt("cache get", () => this.redis.get(key))) ?? undefined;
  }

  async set(key: string, value: string, seconds: number): Promise<void> {
    await this.attempt("cache set", () => this.redis.set(key, value, "EX", seconds));
  }

  async check(): Promise<boolean> {
    return (await this.attempt("cache ping", () => this.redis.ping())) === "PONG";
  }

  close(): void {
    this.redis.disconnect();
  }

  private async attempt<Result>(name: string, command: () => Promise<Result>): Promise<Result | undefined> {
    if (Date.now() < this.pausedUntil) return undefined;
    try {
      return await traced(name, () => inTime(command()));
    } catch (error) {
      this.pausedUntil = Date.now() + PAUSE;
      this.options.onFailure(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }
}

/** The command's own time begins when it is sent; ours also counts the connection that it waits for. */
async function inTime<Result>(result: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE} ms`)), PATIENCE);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
