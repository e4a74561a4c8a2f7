import { type Media, type Status, Unavailable, type Visibility } from "../media/media";
import type { MediaChanges, MediaRegistry, NewMedia, Registered, Usage } from "../media/ports";
import type { Database } from "./database";
import { isUnavailableTable, isRefused } from "./database-errors";
import { COLUMNS, type MediaRow, toMedia } from "./media-repository";
import { readMedia } from "./media-table";

interface Row {
  owner: string | null;
  status: Status;
  visibility: Visibility;
  size_bytes: string;
  upload_id: string | null;
  removing: boolean;
  failure_reason: string | null;
}

/** Holds until the transaction ends; the text keeps it apart from other locks. */
const LOCK_CREATOR_SQL = "SELECT pg_advisory_xact_lock(hashtextextended('uploads of ' || $1, 0))";

/** Uploads of a creator within 24 hours; until migration 0009 and the grants after it, only of those not deleted. */
const RECENT_TABLES = [["media", "deleted_media"], ["media"]] as const;

/** Reads `videos`, `bytes` and `minutes` of a creator from tables; the creator is a parameter such as `$1`. */
function usageSql(tables: readonly string[], owner: string): string {
  const recent = tables.map(
    (table) =>
      `SELECT size_bytes, duration_seconds FROM ${table}
       WHERE owner = ${owner} AND created_at > clock_timestamp() - interval '24 hours'`,
  );
  return `SELECT count(*) AS videos, coalesce(sum(size_bytes), 0) AS bytes,
      coalesce(sum(duration_seconds), 0) / 60 AS minutes
    FROM (${recent.join(" UNION ALL ")}) AS uploads`;
}

/** The result with the tables of this release, or with those of the one before if they are not there yet. */
async function withRecentTables<Result>(
  run: (tables: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const [tables, before] = RECENT_TABLES;
  return run(tables).catch((error: unknown) => {
    if (isUnavailableTable(error)) return run(before);
    throw error;
  });
}

/** Changes of media in PostgreSQL as user `media`. Each is one statement or transaction; all but `add` are idempotent. */
export class PostgresMediaRegistry implements MediaRegistry {
  constructor(private readonly database: Pick<Database, "read" | "write" | "transaction">) {}

  async add(media: NewMedia, quotas: Usage): Promise<Media | undefined> {
    const { id, title, contentType, sizeBytes, owner, uploadId, description, visibility, shareToken } = media;
    const insert = (tables: readonly string[]) => ({
      text: `INSERT INTO media
           (id, title, content_type, size_bytes, owner, upload_id, description, visibility, share_token)
         SELECT $1::uuid, $2, $3, $4::bigint, $5, $6, $7, $8, $9
         FROM (${usageSql(tables, "$5")}) AS used
         WHERE used.videos < $10 AND used.bytes + $4::bigint <= $11 AND used.minutes < $12
         RETURNING ${COLUMNS}`,
      values: [
        ...[id, title, contentType, sizeBytes, owner, uploadId, description, visibility, shareToken],
        ...[quotas.videos, quotas.bytes, quotas.minutes],
      ],
    });
    // The lock is a statement of its own: the next one then sees what others have committed meanwhile.
    const lock = { text: LOCK_CREATOR_SQL, values: [owner] };
    const [row] = await withRecentTables((tables) =>
      this.database.transaction<MediaRow>([lock, insert(tables)]),
    );
    return row && toMedia(row);
  }

  async find(id: string): Promise<Registered | undefined> {
    const [row] = await readMedia<Row>(
      this.database,
      (media) =>
        `SELECT owner, status, visibility, size_bytes, upload_id, removing_since IS NOT NULL AS removing, failure_reason
         FROM ${media} WHERE id = $1`,
      [id],
    );
    if (row === undefined) return undefined;
    const { owner, status, visibility, removing } = row;
    return {
      id,
      owner,
      status,
      visibility,
      sizeBytes: Number(row.size_bytes),
      uploadId: row.upload_id,
      removing,
      failureReason: row.failure_reason,
    };
  }

  async change(id: string, changes: MediaChanges, shareToken: string): Promise<boolean> {
    const { title, description, visibility } = changes;
    const rows = await this.database.write(
      `UPDATE media SET title = coalesce($2, title), description = coalesce($3, description),
         visibility = coalesce($4, visibility),
         share_token = CASE coalesce($4, visibility) WHEN 'unlisted' THEN coalesce(share_token, $5) END,
         events_key = CASE WHEN events_key IS NULL OR $4 <> visibility THEN gen_random_uuid()::text
           ELSE events_key END
       WHERE id = $1 AND removing_since IS NULL RETURNING id`,
      [id, title ?? null, description ?? null, visibility ?? null, shareToken],
    );
    return rows.length > 0;
  }

  async share(id: string, shareToken: string): Promise<boolean> {
    const rows = await this.database.write(
      `UPDATE media SET share_token = $2, events_key = gen_random_uuid()::text
       WHERE id = $1 AND removing_since IS NULL AND visibility = 'unlisted' RETURNING id`,
      [id, shareToken],
    );
    return rows.length > 0;
  }

  async usage(owner: string): Promise<Usage> {
    const [row] = await withRecentTables((tables) =>
      this.database.read<{ videos: string; bytes: string; minutes: number }>(usageSql(tables, "$1"), [owner]),
    );
    return { videos: Number(row?.videos), bytes: Number(row?.bytes), minutes: row?.minutes ?? 0 };
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

  async retried(id: string): Promise<string | undefined> {
    try {
      const [row] = await this.database.write<{ sequencer: string | null }>(
        `UPDATE media SET status = 'uploaded', failure_reason = NULL, message_id = NULL
         WHERE id = $1 AND status = 'failed' AND removing_since IS NULL
         RETURNING source_sequencer AS sequencer`,
        [id],
      );
      return row && (row.sequencer ?? "");
    } catch (error) {
      // Until migration 0007, the table rejects this change.
      if (isRefused(error)) throw new Unavailable("the database is being migrated", { cause: error });
      throw error;
    }
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
