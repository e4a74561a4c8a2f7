import { setTimeout as sleep } from "node:timers/promises";
import { Redis, type RedisOptions } from "ioredis";
import type { Cache, Deadlines } from "../media/cached";
import { traced } from "../runtime/trace";
import { Breaker } from "./breaker";
import { retried } from "./retry";

export interface CacheOptions {
  readonly host: string;
  readonly port: number;
  /**
   * TLS options.
   * @default verifies the host name with Node.js's certificate authorities
   */
  readonly tls?: RedisOptions["tls"] | "none";
  /**
   * Timeout of a command including connecting, in milliseconds.
   * @default 100
   */
  readonly patience?: number;
  /** Called each time the circuit breaker opens. */
  readonly onFailure: (error: Error) => void;
}

/** Timeout of the cache in milliseconds; beyond it, the database is faster. */
const COMMAND_TIMEOUT_MS = 100;

/**
 * A cache in Redis (6.2 or later) or Valkey. If it is slow or down, it acts like an empty cache. Late commands are
 * harmless: values have an absolute expiry time.
 */
export class RedisCache implements Cache {
  private readonly redis: Redis;
  private readonly breaker = new Breaker({ shortest: 1_000, longest: 30_000 });

  constructor(private readonly options: CacheOptions) {
    const { host, port, tls = { servername: host } } = options;
    const encryption = tls === "none" ? {} : { tls };
    this.redis = new Redis({
      host,
      port,
      ...encryption,
      lazyConnect: true,
      connectTimeout: 1_000,
      disconnectTimeout: COMMAND_TIMEOUT_MS,
      disableClientInfo: true,
      enableReadyCheck: false,
      // Unsent commands are dropped instead of sent on the next connection.
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * 50, 2_000),
    });
    // Without listener, ioredis prints each failed connection; callers report failures.
    this.redis.on("error", () => undefined);
  }

  async get(keys: readonly string[]): Promise<readonly (string | undefined)[] | undefined> {
    const values = await this.attempt("cache get", () => this.redis.mget(...keys));
    return values?.map((value) => value ?? undefined);
  }

  async set(key: string, value: string, until: number): Promise<void> {
    await this.attempt("cache set", () => this.redis.set(key, value, "PXAT", Math.floor(until)));
  }

  /** Tries also while the circuit breaker is open, because this value must not be missed. */
  async setByDeadline(key: string, value: string, { until, deadline }: Deadlines): Promise<void> {
    const set = () => this.redis.set(key, value, "PXAT", Math.floor(until));
    const work = () =>
      within(this.options.patience ?? COMMAND_TIMEOUT_MS, set()).catch((error: unknown) => {
        this.reconnectAfter(error);
        throw error;
      });
    const retry = { patience: deadline - Date.now(), pause: 50, mayPass: () => true };
    await traced("cache set", () => retried(work, retry)).catch(async (error: unknown) => {
      this.options.onFailure(asError(error));
      await sleep(deadline - Date.now());
    });
  }

  async check(): Promise<boolean> {
    return (await this.attempt("cache check", () => this.redis.ping())) === "PONG";
  }

  /** Closes the connection. */
  close(): void {
    this.redis.disconnect();
  }

  private async attempt<Result>(name: string, command: () => Promise<Result>): Promise<Result | undefined> {
    if (!this.breaker.allows()) return undefined;
    try {
      const result = await traced(name, () => within(this.options.patience ?? COMMAND_TIMEOUT_MS, command()));
      this.breaker.succeeded();
      return result;
    } catch (error) {
      this.breaker.failed();
      this.options.onFailure(asError(error));
      this.reconnectAfter(error);
      return undefined;
    }
  }

  /** Reconnects after an error: the connection may be dead, for example after Lambda froze this process. */
  private reconnectAfter(error: unknown): void {
    if (error instanceof Late && this.redis.status === "ready") this.redis.disconnect(true);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

class Late extends Error {
  override readonly name = "Late";
}

async function within<Result>(milliseconds: number, result: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Late(`the cache did not answer in ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
