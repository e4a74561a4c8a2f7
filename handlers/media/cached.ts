import { randomUUID } from "node:crypto";
import type { Schema } from "./schemas";

/** Times in milliseconds since 1970: expiry of a value, and end of retries. */
export interface Deadlines {
  readonly until: number;
  readonly deadline: number;
}

/** A cache that may lose anything at any time. Never rejects; failures count as misses. */
export interface Cache {
  /** Values in the order of the keys, read atomically; undefined if the cache is unavailable. */
  get(keys: readonly string[]): Promise<readonly (string | undefined)[] | undefined>;
  /** Stores a value until a time in milliseconds since 1970; does nothing if it has passed. */
  set(key: string, value: string, until: number): Promise<void>;
  /** Stores a value like `set`, with retries until the deadline. */
  setByDeadline(key: string, value: string, deadlines: Deadlines): Promise<void>;
  /** Whether the cache is available. */
  check(): Promise<boolean>;
}

export interface Entry<Value> {
  /** Scope of entries that are invalidated together: `media:<id>`, `lists`. */
  readonly scope: string;
  readonly key: string;
  /** Maximum age of a response in seconds. */
  readonly seconds: number;
  /** Schema of the value. Damaged values, or those of another release, are ignored. */
  readonly schema: Schema<Value>;
}

/** Part of every key; increase it when the meaning of values changes. */
const KEY_VERSION = "v1";
/** Seconds; longer than any entry lives and any read takes. */
const STAMP_TTL_SECONDS = 300;
/** Maximum number of cached parsed texts, mostly first pages of 10 KB. */
const MAX_PARSED_TEXTS = 20;

interface Kept<Value> {
  readonly stamp: string;
  readonly value: Value;
}

/**
 * A read-through cache. Each entry has its scope's stamp from before the read of the source. A change gives the scope a
 * new stamp, so older entries are invalid even if a slow reader stores them later. A change that the cache missed is
 * visible after the entry's lifetime at the latest; a removal is repeated until then.
 */
export class Cached {
  /** Recently parsed texts by key, oldest first: most reads return the same text, which needs no new validation. */
  private readonly last = new Map<
    string,
    { readonly text: string; readonly entry: Kept<unknown> | undefined }
  >();

  constructor(
    private readonly cache: Cache,
    private readonly now: () => number = Date.now,
  ) {}

  /** Reads an entry, or loads it. Undefined is not cached, because the value may appear at any time. */
  async read<Value>(
    { scope, key, seconds, schema }: Entry<NonNullable<Value>>,
    load: () => Promise<Value>,
  ): Promise<Value> {
    const [stampKey, valueKey] = [stampKeyOf(scope), keyOf({ scope, key })];
    const found = await this.cache.get([stampKey, valueKey]);
    if (found === undefined) return load();
    const [stamp = "", kept] = found;
    const entry = kept === undefined ? undefined : this.entry(valueKey, { text: kept, schema });
    if (entry?.stamp === stamp) return entry.value;
    const until = this.now() + seconds * 1_000;
    const value = await load();
    if (value !== undefined) await this.cache.set(valueKey, JSON.stringify({ stamp, value }), until);
    return value;
  }

  /** Invalidates a scope; call it after a change is committed. */
  async changed(scope: string): Promise<void> {
    await this.cache.set(stampKeyOf(scope), randomUUID(), this.now() + STAMP_TTL_SECONDS * 1_000);
  }

  /**
   * Invalidates a scope after a committed removal. Resolves when no old entry is valid any more: when the cache has the
   * new stamp, or when entries of this many seconds have expired.
   */
  async removed(scope: string, seconds: number): Promise<void> {
    const now = this.now();
    const until = now + STAMP_TTL_SECONDS * 1_000;
    const deadlines = { until, deadline: now + seconds * 1_000 };
    await this.cache.setByDeadline(stampKeyOf(scope), randomUUID(), deadlines);
  }

  private entry<Value>(
    key: string,
    { text, schema }: { readonly text: string; readonly schema: Schema<Value> },
  ): Kept<Value> | undefined {
    const last = this.last.get(key);
    if (last?.text === text) return last.entry as Kept<Value> | undefined;
    const entry = parse(text, schema);
    this.last.delete(key);
    const [oldest] = this.last.keys();
    if (this.last.size >= MAX_PARSED_TEXTS && oldest !== undefined) this.last.delete(oldest);
    this.last.set(key, { text, entry });
    return entry;
  }
}

/** The braces put all keys of a scope into one slot, so that a sharded Redis can read them atomically. */
function keyOf({ scope, key }: Pick<Entry<unknown>, "scope" | "key">): string {
  return `streamflow:${KEY_VERSION}:{${scope}}:${key}`;
}

function stampKeyOf(scope: string): string {
  return keyOf({ scope, key: "stamp" });
}

function parse<Value>(text: string, schema: Schema<Value>): Kept<Value> | undefined {
  try {
    const { stamp, value } = (JSON.parse(text) ?? {}) as { stamp?: unknown; value?: unknown };
    const { data } = schema.safeParse(value);
    return typeof stamp === "string" && data !== undefined ? { stamp, value: data } : undefined;
  } catch {
    return undefined;
  }
}
