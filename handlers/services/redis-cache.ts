import { setTimeout as sleep } from "node:timers/promises";
import { Redis, type RedisOptions } from "ioredis";
import type { Cache, Deadlines } from "../media/cached";
import { traced } from "../runtime/trace";
import { Breaker } from "./breaker";
import { retried } from "./retry";

export interface CacheOptions {
  readonly host: string;
  readonly port: number;
  /** How the certificate is verified; by default its name must be the host's, and its authority one that Node knows. */
  readonly tls?: RedisOptions["tls"] | "none";
  /** Milliseconds that one command may take, connecting included; 100 by default. */
  readonly patience?: number;
  /** Told each time that the cache is given up for a while. */
  readonly onFailure: (error: Error) => void;
}

/** What a request waits for the cache, in milliseconds: longer, and the database is faster. */
const COMMAND_TIMEOUT_MS = 100;

/**
 * A cache in Redis (6.2 or newer), or Valkey, that is a convenience: slow or gone, it is as if it held nothing.
 * A late command can do no harm: values carry the time at which they end, not how long they last.
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
      // What could not be sent is dropped, not sent to the next connection.
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * 50, 2_000),
    });
    // Without a listener, ioredis prints each failed connection. Those who wait for the cache tell of it.
    this.redis.on("error", () => undefined);
  }

  async get(keys: readonly string[]): Promise<readonly (string | undefined)[] | undefined> {
    const values = await this.attempt("cache get", () => this.redis.mget(...keys));
    return values?.map((value) => value ?? undefined);
  }

  async set(key: string, value: string, until: number): Promise<void> {
    await this.attempt("cache set", () => this.redis.set(key, value, "PXAT", Math.floor(until)));
  }

  /** Asks Redis also while others leave it alone: what must not be missed is worth the time. */
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

  /** For whoever ends before the process does. */
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

  /** A connection may be dead without knowing, above all after Lambda froze this process: begin with a new one. */
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
