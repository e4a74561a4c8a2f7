import type { Cached } from "./cached";
import { encodeCursor } from "./cursor";
import type { Media, MediaDetail, MediaPage, MediaRepository, OwnPageQuery, PageQuery } from "./media";
import { mediaDetail, mediaPage, type Schema } from "./schemas";
import type { Thumbnails } from "./thumbnails";

/**
 * Maximum age of cached responses in seconds, if the cache missed a change. A removal takes this long without cache, so
 * it must be below the API's 29 s.
 */
const MAX_AGE_SECONDS = { list: 5, media: 10 } as const;

/** Tells readers' caches of changes. */
export class MediaInvalidation {
  constructor(protected readonly cached: Cached) {}

  /** Call it after an addition or change is committed. */
  async changed(id: string): Promise<void> {
    await Promise.all([this.cached.changed(`media:${id}`), this.cached.changed("lists")]);
  }

  /**
   * Call it after a media was removed, or after fewer people may see it, and this is committed. When it resolves, no
   * reader gets what was before.
   */
  async removed(id: string): Promise<void> {
    await Promise.all([
      this.cached.removed(`media:${id}`, MAX_AGE_SECONDS.media),
      this.cached.removed("lists", MAX_AGE_SECONDS.list),
    ]);
  }
}

export interface LibraryDependencies {
  readonly repository: MediaRepository;
  readonly cached: Cached;
  readonly thumbnails: Pick<Thumbnails, "add">;
}

/** The media of the platform, read through the cache. */
export class Library extends MediaInvalidation {
  constructor(private readonly dependencies: LibraryDependencies) {
    super(dependencies.cached);
  }

  /** Public media that are ready. */
  async list(query: PageQuery): Promise<MediaPage> {
    const { repository, thumbnails } = this.dependencies;
    const load = async (): Promise<MediaPage> => {
      const { items, ...next } = await page(query, (wider) => repository.listPublic(wider));
      return { ...next, items: await Promise.all(items.map((item) => thumbnails.add(item))) };
    };
    // Only the first page is cached; later ones are rarely read.
    if (query.after !== undefined) return load();
    const entry = {
      scope: "lists",
      key: `public:${query.limit}`,
      seconds: MAX_AGE_SECONDS.list,
      schema: mediaPage,
    };
    return this.cached.read(entry, async () => asCached(await load(), mediaPage));
  }

  /** Media of one creator, uncached: only one caller reads them. */
  async listOwn(query: OwnPageQuery): Promise<Page<Media & Pick<MediaDetail, "eventsKey">>> {
    const { repository, thumbnails } = this.dependencies;
    const { items, ...next } = await page(query, (wider) => repository.listOwn(wider));
    const pictured = items.map(async ({ eventsKey, ...item }) => ({
      ...(await thumbnails.add(item)),
      eventsKey,
    }));
    return { ...next, items: await Promise.all(pictured) };
  }

  async find(id: string): Promise<MediaDetail | undefined> {
    const entry = { scope: `media:${id}`, key: "media", seconds: MAX_AGE_SECONDS.media, schema: mediaDetail };
    return this.cached.read(entry, async () => {
      const media = await this.dependencies.repository.find(id);
      return media && asCached(media, mediaDetail);
    });
  }

  /** A media, uncached. */
  current(id: string): Promise<MediaDetail | undefined> {
    return this.dependencies.repository.find(id);
  }
}

/** A loaded value with its fields in the order of the schema, so that its answer has the ETag of the cached one. */
function asCached<Value>(value: Value, schema: Schema<Value>): Value {
  return schema.safeParse(value).data ?? value;
}

/** A page of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

async function page<Query extends PageQuery, Item extends Media>(
  query: Query,
  list: (query: Query) => Promise<readonly Item[]>,
): Promise<Page<Item>> {
  // One more than requested shows whether a next page exists.
  const found = await list({ ...query, limit: query.limit + 1 });
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  return found.length > items.length && last !== undefined
    ? { items, nextCursor: encodeCursor(last) }
    : { items };
}
