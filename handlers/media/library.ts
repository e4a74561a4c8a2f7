import { encodeCursor } from "./cursor";
import type { Cache, ListQuery, Media, MediaPage, MediaRepository } from "./media";

/** How long an answer may be old, in seconds. Lists change with every upload, one media only with its status. */
const FRESH = { list: 5, media: 30 } as const;
/** Part of every key: raise it when what is kept changes its form. */
const VERSION = "v1";

/** The media that a platform has: read from the cache first, and from the repository when in doubt. */
export class Library {
  constructor(
    private readonly repository: MediaRepository,
    private readonly cache: Cache,
  ) {}

  async list(query: ListQuery): Promise<MediaPage> {
    const { limit, status = "any", after } = query;
    const key = [VERSION, "list", status, limit, after === undefined ? "first" : encodeCursor(after)].join(
      ":",
    );
    return this.cached(key, FRESH.list, async () => {
      // One more than asked for tells whether a page follows.
      const found = await this.repository.list({ ...query, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return found.length > limit && last !== undefined
        ? { items, nextCursor: encodeCursor(last) }
        : { items };
    });
  }

  /** Undefined when there is none; that is not remembered, for it may come the next moment. */
  async find(id: string): Promise<Media | undefined> {
    return this.cached(`${VERSION}:media:${id}`, FRESH.media, () => this.repository.find(id));
  }

  private async cached<Value>(key: string, seconds: number, read: () => Promise<Value>): Promise<Value> {
    const known = parsed<Value>(await this.cache.get(key));
    if (known !== undefined) return known;
    const value = await read();
    if (value !== undefined) await this.cache.set(key, JSON.stringify(value), seconds);
    return value;
  }
}

/** What the cache holds may be damaged or half written: then it is as if it were not there. */
function parsed<Value>(text: string | undefined): Value | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}
