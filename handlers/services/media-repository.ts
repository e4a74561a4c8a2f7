import { failureOf } from "../media/failure-reasons";
import type { ListQuery, Media, MediaDetail, MediaRepository, Status } from "../media/media";
import type { Database } from "./database";

/** Public columns of a media row. */
export interface MediaRow {
  id: string;
  owner: string | null;
  title: string;
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

/** A time as text with microseconds: rounding in JavaScript would skip or repeat rows. */
const time = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;
export const COLUMNS = [
  ...["id", "owner", "title", "content_type", "size_bytes", "status", "failure_reason", "duration_seconds"],
  ...["width", "height"],
  ...[time("created_at"), time("updated_at")],
].join(", ");

/** Media in PostgreSQL. */
export class PostgresMediaRepository implements MediaRepository {
  constructor(private readonly database: Database) {}

  async list({ limit, status, after }: ListQuery): Promise<Media[]> {
    const values: unknown[] = [limit];
    const conditions = ["removing_since IS NULL"];
    if (status !== undefined) conditions.push(`status = $${values.push(status)}`);
    if (after !== undefined) {
      const [createdAt, id] = [values.push(after.createdAt), values.push(after.id)];
      conditions.push(`(media.created_at, id) < ($${createdAt}::timestamptz, $${id}::uuid)`);
    }
    const rows = await this.database.read<MediaRow>(
      `SELECT ${COLUMNS} FROM media WHERE ${conditions.join(" AND ")}
       ORDER BY media.created_at DESC, id DESC LIMIT $1`,
      values,
    );
    return rows.map(toMedia);
  }

  async find(id: string): Promise<MediaDetail | undefined> {
    const [row] = await this.database.read<MediaRow & { playback_path: string | null }>(
      `SELECT ${COLUMNS}, playback_path FROM media WHERE id = $1 AND removing_since IS NULL`,
      [id],
    );
    return row === undefined ? undefined : { ...toMedia(row), playbackPath: row.playback_path };
  }

  async check(): Promise<void> {
    await this.database.read("SELECT 1");
  }
}

export function toMedia(row: MediaRow): Media {
  return {
    id: row.id,
    owner: row.owner,
    title: row.title,
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
