import type { Media, Status } from "../media/media";
import type { MediaRegistry, NewMedia, Registered } from "../media/ports";
import type { Database } from "./database";
import { COLUMNS, type MediaRow, toMedia } from "./media-repository";

interface Row {
  owner: string | null;
  status: Status;
  size_bytes: string;
  upload_id: string | null;
  removing: boolean;
  attempts: number;
}

/** Changes of media in PostgreSQL as user `media`. Each is one idempotent statement. */
export class PostgresMediaRegistry implements MediaRegistry {
  constructor(private readonly database: Pick<Database, "read" | "write">) {}

  async add({ id, title, contentType, sizeBytes, owner, uploadId }: NewMedia): Promise<Media> {
    const [row] = await this.database.write<MediaRow>(
      `INSERT INTO media (id, title, content_type, size_bytes, owner, upload_id)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
      [id, title, contentType, sizeBytes, owner, uploadId],
    );
    if (row === undefined) throw new Error(`the media ${id} was not added`);
    return toMedia(row);
  }

  async find(id: string): Promise<Registered | undefined> {
    const [row] = await this.database.read<Row>(
      `SELECT owner, status, size_bytes, upload_id, removing_since IS NOT NULL AS removing, attempts
       FROM media WHERE id = $1`,
      [id],
    );
    if (row === undefined) return undefined;
    const { owner, status, size_bytes: size, upload_id: uploadId, removing, attempts } = row;
    return { id, owner, status, sizeBytes: Number(size), uploadId, removing, attempts };
  }

  async uploaded(id: string): Promise<void> {
    await this.database.write(
      `UPDATE media SET upload_id = NULL,
         status = CASE status WHEN 'registered' THEN 'uploaded' ELSE status END
       WHERE id = $1 AND (upload_id IS NOT NULL OR status = 'registered')`,
      [id],
    );
  }

  async aborted(id: string, { reason }: { readonly reason: string }): Promise<void> {
    await this.database.write(
      `UPDATE media SET upload_id = NULL,
         failure_reason = CASE status WHEN 'registered' THEN $2 ELSE failure_reason END,
         status = CASE status WHEN 'registered' THEN 'failed' ELSE status END
       WHERE id = $1 AND (upload_id IS NOT NULL OR status = 'registered')`,
      [id, reason],
    );
  }

  async hide(id: string): Promise<{ readonly inWork: boolean } | undefined> {
    // A dead processor's lease expires; a running one stops when it can't renew its lease.
    const [row] = await this.database.write<{ inWork: boolean }>(
      `UPDATE media SET removing_since = coalesce(removing_since, clock_timestamp())
       WHERE id = $1
       RETURNING (status = 'processing' AND coalesce(leased_until > clock_timestamp(), false)) AS "inWork"`,
      [id],
    );
    return row;
  }

  async forget(id: string): Promise<void> {
    await this.database.write("DELETE FROM media WHERE id = $1 AND removing_since IS NOT NULL", [id]);
  }
}
