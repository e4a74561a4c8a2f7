import type { Cache, Deadlines } from "../../handlers/media/cached";
import type {
  ListedMedia,
  Media,
  MediaDetail,
  MediaRepository,
  OwnedMedia,
  OwnPageQuery,
  PageQuery,
} from "../../handlers/media/media";

let made = 0;

/** Media with unique values, one microsecond later than the previous one. */
export function aMedia(fields: Partial<Media> = {}): Media {
  const number = ++made;
  const createdAt = `2026-01-01T00:00:00.${String(number).padStart(6, "0")}Z`;
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    title: `Video ${number}`,
    visibility: "public",
    contentType: "video/mp4",
    sizeBytes: 1_000 + number,
    status: "ready",
    failureReason: null,
    failure: null,
    durationSeconds: 20.5,
    width: 1920,
    height: 1080,
    owner: null,
    createdAt,
    updatedAt: createdAt,
    ...fields,
  };
}

/** Key of the tickets for the events of all media in memory. */
export const EVENTS_KEY = "key-of-events";

const listed = (row: Media): ListedMedia => ({
  ...row,
  playbackPath: row.status === "ready" ? `stream/${row.id}/run/` : null,
});

function page(rows: readonly Media[], { limit, after }: PageQuery): Media[] {
  const order = (row: { createdAt: string; id: string }) => `${row.createdAt} ${row.id}`;
  return rows
    .filter((row) => after === undefined || order(row) < order(after))
    .sort((one, other) => (order(one) < order(other) ? 1 : -1))
    .slice(0, limit);
}

/** Media in memory; with `failure`, every method rejects. */
export class MemoryRepository implements MediaRepository {
  failure: Error | undefined;
  /** Number of calls. */
  asked = 0;
  /** Descriptions and tokens of links by id, which lists omit. */
  readonly descriptions = new Map<string, string>();
  readonly shareTokens = new Map<string, string>();
  /** Sizes of downloads in bytes. */
  readonly downloads = new Map<string, number>();

  constructor(readonly rows: Media[] = []) {}

  listPublic(query: PageQuery): Promise<ListedMedia[]> {
    const shown = this.rows.filter(({ visibility, status }) => visibility === "public" && status === "ready");
    return this.answer(page(shown, query).map(listed));
  }

  listOwn({ owner, status, ...query }: OwnPageQuery): Promise<OwnedMedia[]> {
    const own = this.rows.filter((row) => row.owner === owner && (status ?? row.status) === row.status);
    return this.answer(page(own, query).map((row) => ({ ...listed(row), eventsKey: EVENTS_KEY })));
  }

  find(id: string): Promise<MediaDetail | undefined> {
    const row = this.rows.find((row) => row.id === id);
    if (row === undefined) return this.answer(undefined);
    return this.answer({
      ...listed(row),
      description: this.descriptions.get(id) ?? "",
      downloadBytes: this.downloads.get(id) ?? null,
      shareToken: row.visibility === "unlisted" ? (this.shareTokens.get(id) ?? null) : null,
      eventsKey: EVENTS_KEY,
    });
  }

  check(): Promise<void> {
    return this.answer(undefined);
  }

  private answer<Result>(result: Result): Promise<Result> {
    this.asked++;
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(result);
  }
}

/** A cache in memory with a clock of its own; while `down`, it holds and stores nothing. */
export class MemoryCache implements Cache {
  readonly kept = new Map<string, { value: string; until: number }>();
  now = 0;
  down = false;

  get(keys: readonly string[]): Promise<(string | undefined)[] | undefined> {
    const values = keys.map((key) => {
      const entry = this.kept.get(key);
      return entry && entry.until > this.now ? entry.value : undefined;
    });
    return Promise.resolve(this.down ? undefined : values);
  }

  set(key: string, value: string, until: number): Promise<void> {
    if (!this.down) this.kept.set(key, { value, until });
    return Promise.resolve();
  }

  /** While the cache is down, the time until the deadline passes at once. */
  setByDeadline(key: string, value: string, { until, deadline }: Deadlines): Promise<void> {
    if (this.down) this.now = Math.max(this.now, deadline);
    return this.set(key, value, until);
  }

  check(): Promise<boolean> {
    return Promise.resolve(!this.down);
  }
}

export interface Line {
  readonly level: "info" | "error";
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A log with readable lines. */
export class MemoryLog {
  readonly lines: Line[] = [];
  info = (message: string, fields: object): void =>
    void this.lines.push({ level: "info", message, ...fields });
  error = (message: string, fields: object): void =>
    void this.lines.push({ level: "error", message, ...fields });
}
