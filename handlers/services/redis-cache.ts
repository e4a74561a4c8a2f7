import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Cache, Deadlines } from "../media/cached";
import { traced } from "../runtime/trace";
import { Breaker } from "./breaker";
import { CacheConnection, type CacheConnectionOptions } from "./cache-connection";
import { retried } from "./retry";
import { Late, within } from "./time-limit";

export interface CacheOptions extends CacheConnectionOptions {
  /**
   * Timeout of a command including connecting and login, in milliseconds.
   * @default 100
   */
  readonly patience?: number;
  /** Called each time the circuit breaker opens, and when a login can't be renewed. */
  readonly onFailure: (error: Error) => void;
}

/** Timeout of the cache in milliseconds; beyond it, the database is faster. */
const COMMAND_TIMEOUT_MS = 100;

/**
 * A cache in Redis (6.2 or later) or Valkey. If it is slow or down, or rejects the login, it acts like an empty cache.
 * Late commands are harmless: values have an absolute expiry time.
 */
export class RedisCache implements Cache {
  private readonly connection: CacheConnection;
  private readonly breaker = new Breaker({ shortest: 1_000, longest: 30_000 });

  constructor(private readonly options: CacheOptions) {
    this.connection = new CacheConnection(options);
  }

  async get(keys: readonly string[]): Promise<readonly (string | undefined)[] | undefined> {
    const values = await this.attempt("cache get", (redis) => redis.mget(...keys));
    return values?.map((value) => value ?? undefined);
  }

  async set(key: string, value: string, until: number): Promise<void> {
    await this.attempt("cache set", (redis) => redis.set(key, value, "PXAT", Math.floor(until)));
  }

  /** Tries also while the circuit breaker is open, because this value must not be missed. */
  async setByDeadline(key: string, value: string, { until, deadline }: Deadlines): Promise<void> {
    const work = () => this.command((redis) => redis.set(key, value, "PXAT", Math.floor(until)));
    const retry = { patience: deadline - Date.now(), pause: 50, mayPass: () => true };
    await traced("cache set", () => retried(work, retry)).catch(async (error: unknown) => {
      this.options.onFailure(asError(error));
      await sleep(deadline - Date.now());
    });
  }

  async check(): Promise<boolean> {
    return (await this.attempt("cache check", (redis) => redis.ping())) === "PONG";
  }

  /** Closes the connection. */
  close(): void {
    this.connection.close();
  }

  private async attempt<Result>(
    name: string,
    send: (redis: Redis) => Promise<Result>,
  ): Promise<Result | undefined> {
    if (!this.breaker.allows()) return undefined;
    try {
      const result = await traced(name, () => this.command(send));
      this.breaker.succeeded();
      return result;
    } catch (error) {
      this.breaker.failed();
      this.options.onFailure(asError(error));
      return undefined;
    }
  }

  private async command<Result>(send: (redis: Redis) => Promise<Result>): Promise<Result> {
    const { patience = COMMAND_TIMEOUT_MS } = this.options;
    try {
      return await within(patience, this.connection.get().then(send));
    } catch (error) {
      // The connection may be dead, for example after Lambda froze this process.
      if (error instanceof Late) this.connection.replace();
      throw error;
    }
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
