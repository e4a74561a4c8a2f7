import type { Cached } from "./cached";
import { encodeCursor } from "./cursor";
import type { ListQuery, MediaDetail, MediaPage, MediaRepository } from "./media";
import { mediaDetail, mediaPage } from "./schemas";

/**
 * How long an answer from the cache may be old, in seconds, should a change not have been told. A removal takes so long
 * where the cache is away, which must fit into the 29 s of an API request.
 */
const MAX_AGE_SECONDS = { list: 5, media: 10 } as const;

/** The media of the platform: read from the cache first, and from the repository otherwise. */
export class Library {
  constructor(
    private readonly repository: MediaRepository,
    private readonly cached: Cached,
  ) {}

  async list(query: ListQuery): Promise<MediaPage> {
    // Everybody asks for the first page; later ones are asked for too rarely to be worth their place.
    if (query.after !== undefined) return this.page(query);
    const key = `${query.status ?? "any"}:${query.limit}`;
    const entry = { scope: "lists", key, seconds: MAX_AGE_SECONDS.list, schema: mediaPage };
    return this.cached.read(entry, () => this.page(query));
  }

  async find(id: string): Promise<MediaDetail | undefined> {
    const entry = { scope: `media:${id}`, key: "media", seconds: MAX_AGE_SECONDS.media, schema: mediaDetail };
    return this.cached.read(entry, () => this.repository.find(id));
  }

  /** A media as it is now, whatever the cache holds. */
  current(id: string): Promise<MediaDetail | undefined> {
    return this.repository.find(id);
  }

  /** To be called after a media was added or changed, once that is committed. */
  async changed(id: string): Promise<void> {
    await Promise.all([this.cached.changed(`media:${id}`), this.cached.changed("lists")]);
  }

  /** To be called after a media was removed, once that is committed: when it resolves, no reader is shown it again. */
  async removed(id: string): Promise<void> {
    await Promise.all([
      this.cached.removed(`media:${id}`, MAX_AGE_SECONDS.media),
      this.cached.removed("lists", MAX_AGE_SECONDS.list),
    ]);
  }

  private async page(query: ListQuery): Promise<MediaPage> {
    // One more than asked for tells whether a page follows.
    const found = await this.repository.list({ ...query, limit: query.limit + 1 });
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return found.length > items.length && last !== undefined
      ? { items, nextCursor: encodeCursor(last) }
      : { items };
  }
}
