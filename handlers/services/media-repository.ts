import { failureOf } from "../media/failure-reasons";
import type {
  ListedMedia,
  Media,
  MediaDetail,
  MediaRepository,
  OwnedMedia,
  OwnPageQuery,
  PageQuery,
  Position,
  Status,
  Visibility,
} from "../media/media";
import type { Database } from "./database";
import { readMedia } from "./media-table";

/** Public columns of a media row. */
export interface MediaRow {
  id: string;
  owner: string | null;
  title: string;
  visibility: Visibility;
  content_type: string;
  size_bytes: string;
  status: Status;
  failure_reason: string | null;
  duration_seconds: number | null;
  width: number | null;
  height: number | null;
  created_at: string;
  updated_at: string;
}

interface ListedRow extends MediaRow {
  playback_path: string | null;
}

interface DetailRow extends ListedRow {
  download_bytes: string | null;
  description: string;
  share_token: string | null;
  events_key: string | null;
}

/** A time as text with microseconds: rounding in JavaScript would skip or repeat rows. */
const time = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;
export const COLUMNS = [
  ...["id", "owner", "title", "content_type", "size_bytes", "status", "failure_reason", "duration_seconds"],
  ...["width", "height", "visibility"],
  ...[time("created_at"), time("updated_at")],
].join(", ");

const LISTED_COLUMNS = `${COLUMNS}, playback_path`;

/** Media in PostgreSQL. */
export class PostgresMediaRepository implements MediaRepository {
  constructor(private readonly database: Database) {}

  async listPublic({ limit, after }: PageQuery): Promise<ListedMedia[]> {
    const page = new PageConditions(limit);
    page.where("visibility = 'public' AND status = 'ready'");
    if (after !== undefined) page.after(after);
    return (await this.rows<ListedRow>(LISTED_COLUMNS, page)).map(toListed);
  }

  async listOwn({ limit, owner, status, after }: OwnPageQuery): Promise<OwnedMedia[]> {
    const page = new PageConditions(limit);
    page.where(`owner = ${page.value(owner)}`);
    if (status !== undefined) page.where(`status = ${page.value(status)}`);
    if (after !== undefined) page.after(after);
    const rows = await this.rows<ListedRow & Pick<DetailRow, "events_key">>(
      `${LISTED_COLUMNS}, events_key`,
      page,
    );
    return rows.map((row) => ({ ...toListed(row), eventsKey: row.events_key }));
  }

  async find(id: string): Promise<MediaDetail | undefined> {
    const [row] = await readMedia<DetailRow>(
      this.database,
      (media) =>
        `SELECT ${COLUMNS}, description, playback_path, download_bytes, share_token, events_key FROM ${media}
         WHERE id = $1 AND removing_since IS NULL`,
      [id],
    );
    return row === undefined
      ? undefined
      : {
          ...toListed(row),
          description: row.description,
          downloadBytes: row.download_bytes === null ? null : Number(row.download_bytes),
          shareToken: row.share_token,
          eventsKey: row.events_key,
        };
  }

  async check(): Promise<void> {
    await this.database.read("SELECT 1");
  }

  private rows<Row extends MediaRow>(
    columns: string,
    { conditions, values }: PageConditions,
  ): Promise<Row[]> {
    return readMedia<Row>(
      this.database,
      (media) =>
        `SELECT ${columns} FROM ${media} WHERE ${conditions.join(" AND ")}
         ORDER BY media.created_at DESC, id DESC LIMIT $1`,
      values,
    );
  }
}

/** Conditions of a page and their values; the first value is its length. */
class PageConditions {
  readonly conditions = ["removing_since IS NULL"];
  readonly values: unknown[];

  constructor(limit: number) {
    this.values = [limit];
  }

  where(condition: string): void {
    this.conditions.push(condition);
  }

  /** Adds a value; returns its placeholder. */
  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  after({ createdAt, id }: Position): void {
    this.where(`(media.created_at, id) < (${this.value(createdAt)}::timestamptz, ${this.value(id)}::uuid)`);
  }
}

function toListed(row: ListedRow): ListedMedia {
  return { ...toMedia(row), playbackPath: row.playback_path };
}

export function toMedia(row: MediaRow): Media {
  return {
    id: row.id,
    owner: row.owner,
    title: row.title,
    visibility: row.visibility,
    contentType: row.content_type,
    sizeBytes: Number(row.size_bytes),
    status: row.status,
    failureReason: row.failure_reason,
    failure: failureOf(row.failure_reason),
    durationSeconds: row.duration_seconds,
    width: row.width,
    height: row.height,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
