import { randomUUID } from "node:crypto";
import type { Schema } from "./schemas";

/** Times in milliseconds since 1970: until when a value is kept, and until when keeping it is tried. */
export interface Deadlines {
  readonly until: number;
  readonly deadline: number;
}

/** A cache that may forget anything at any time. It never rejects: what fails, it does not hold. */
export interface Cache {
  /** Values by the order of the keys, all read at one moment; undefined when the cache can't be asked now. */
  get(keys: readonly string[]): Promise<readonly (string | undefined)[] | undefined>;
  /** Keeps a value until a time in milliseconds since 1970; one that has passed keeps nothing. */
  set(key: string, value: string, until: number): Promise<void>;
  /** Keeps a value as `set` does, and tries again until the cache has it or the deadline. */
  setByDeadline(key: string, value: string, deadlines: Deadlines): Promise<void>;
  /** Whether it answers. */
  check(): Promise<boolean>;
}

export interface Entry<Value> {
  /** What changes together: `media:<id>`, `lists`. */
  readonly scope: string;
  readonly key: string;
  /** How long an answer may be old, in seconds. */
  readonly seconds: number;
  /** What the cache holds may be damaged, or of another release: then it is as if it were not there. */
  readonly schema: Schema<Value>;
}

/** Part of every key: raise it when what is kept changes its meaning. */
const KEY_VERSION = "v1";
/** Longer than any entry is kept and any reading takes, in seconds. */
const STAMP_TTL_SECONDS = 300;
/** Texts that are remembered: above all first pages, of 10 KB each. */
const MAX_PARSED_TEXTS = 20;

interface Kept<Value> {
  readonly stamp: string;
  readonly value: Value;
}

/**
 * Reads through a cache: from there when it can, else from the source.
 *
 * Each entry carries the stamp that its scope had before the source was read. A change gives the scope a new
 * stamp, so what was read before the change counts no more, even when a slow reader stores it afterwards. A change
 * that could not be told (the cache was away) shows after the entry's seconds at the latest. A removal is told for as
 * long as that.
 */
export class Cached {
  /** What some keys held last, oldest first: most readings find the same text, which need not be checked again. */
  private readonly last = new Map<
    string,
    { readonly text: string; readonly entry: Kept<unknown> | undefined }
  >();

  constructor(
    private readonly cache: Cache,
    private readonly now: () => number = Date.now,
  ) {}

  /** Undefined from `load` is not kept: what is not there may come the next moment. */
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

  /** To be called after a change is committed: what was kept of the scope counts no more. */
  async changed(scope: string): Promise<void> {
    await this.cache.set(stampKeyOf(scope), randomUUID(), this.now() + STAMP_TTL_SECONDS * 1_000);
  }

  /**
   * To be called after a removal is committed. Resolves when nothing that was kept of the scope counts any more: as
   * soon as the cache knows, else when entries that are kept for so many seconds have ended by themselves.
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

/** The braces keep the keys of a scope in one slot, so that a sharded Redis can read them at once. */
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
