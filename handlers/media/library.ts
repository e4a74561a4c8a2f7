import type { Cached } from "./cached";
import { encodeCursor } from "./cursor";
import type { ListQuery, MediaDetail, MediaPage, MediaRepository } from "./media";
import { mediaDetail, mediaPage } from "./schemas";

/**
 * Maximum age of cached responses in seconds, if the cache missed a change. A removal takes this long without cache, so
 * it must be below the API's 29 s.
 */
const MAX_AGE_SECONDS = { list: 5, media: 10 } as const;

/** The media of the platform, read through the cache. */
export class Library {
  constructor(
    private readonly repository: MediaRepository,
    private readonly cached: Cached,
  ) {}

  async list(query: ListQuery): Promise<MediaPage> {
    // Only the first page is cached; later ones are rarely read.
    if (query.after !== undefined) return this.page(query);
    const key = `${query.status ?? "any"}:${query.limit}`;
    const entry = { scope: "lists", key, seconds: MAX_AGE_SECONDS.list, schema: mediaPage };
    return this.cached.read(entry, () => this.page(query));
  }

  async find(id: string): Promise<MediaDetail | undefined> {
    const entry = { scope: `media:${id}`, key: "media", seconds: MAX_AGE_SECONDS.media, schema: mediaDetail };
    return this.cached.read(entry, () => this.repository.find(id));
  }

  /** A media, uncached. */
  current(id: string): Promise<MediaDetail | undefined> {
    return this.repository.find(id);
  }

  /** Call it after an addition or change is committed. */
  async changed(id: string): Promise<void> {
    await Promise.all([this.cached.changed(`media:${id}`), this.cached.changed("lists")]);
  }

  /** Call it after a removal is committed. When it resolves, no reader gets the media any more. */
  async removed(id: string): Promise<void> {
    await Promise.all([
      this.cached.removed(`media:${id}`, MAX_AGE_SECONDS.media),
      this.cached.removed("lists", MAX_AGE_SECONDS.list),
    ]);
  }

  private async page(query: ListQuery): Promise<MediaPage> {
    // One more than requested shows whether a next page exists.
    const found = await this.repository.list({ ...query, limit: query.limit + 1 });
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return found.length > items.length && last !== undefined
      ? { items, nextCursor: encodeCursor(last) }
      : { items };
  }
}
