import type { Leftover, Leftovers } from "../processor/ports";
import { Unavailable } from "../media/media";
import type { Database } from "./database";
import { retried } from "./retry";

interface Row {
  id: string;
  kind: Leftover["kind"];
  sequencer: string | null;
  taken: number;
}

/** What stands in `message_id`, which is free until a processor has a message, of a media that was taken as `uploaded`. */
const TAKEN_SQL = "coalesce(substring(message_id FROM '^swept ([0-9]+)$')::int, 0)";

/**
 * Takes rows that nobody works on. The change of `updated_at`, which the table's trigger makes, keeps them from the next
 * sweeps of this and other processors for the period in `updated_at`'s condition.
 */
const TAKE_SQL = `
  UPDATE media SET updated_at = clock_timestamp(),
    message_id = CASE found.kind WHEN 'uploaded' THEN 'swept ' || found.taken + 1 ELSE message_id END
  FROM (
    SELECT id, CASE WHEN removing_since IS NOT NULL THEN 'removing' ELSE status END AS kind,
      ${TAKEN_SQL} AS taken
    FROM media
    WHERE CASE
      WHEN removing_since IS NOT NULL THEN
        removing_since < clock_timestamp() - make_interval(secs => $1)
        AND updated_at < clock_timestamp() - make_interval(secs => $1)
        AND NOT (status = 'processing' AND coalesce(leased_until > clock_timestamp(), false))
      WHEN status = 'uploaded' THEN updated_at < clock_timestamp() - make_interval(secs => $2)
      WHEN status = 'registered' THEN
        created_at < clock_timestamp() - make_interval(secs => $3)
        AND updated_at < clock_timestamp() - make_interval(secs => $2)
      ELSE false
    END
    ORDER BY updated_at LIMIT $4 FOR UPDATE SKIP LOCKED
  ) AS found
  WHERE media.id = found.id
  RETURNING media.id, found.kind, media.source_sequencer AS sequencer, found.taken`;

/** Milliseconds of retries; less than a processor has for its shutdown. */
const TAKE_PATIENCE_MS = 20_000;

/** What is left over in PostgreSQL. */
export class PostgresLeftovers implements Leftovers {
  constructor(private readonly database: Pick<Database, "write">) {}

  async take({
    removingSeconds,
    uploadedSeconds,
    registeredSeconds,
    limit,
  }: Parameters<Leftovers["take"]>[0]) {
    const values = [removingSeconds, uploadedSeconds, registeredSeconds, limit];
    // A processor's first connection may be slow.
    const rows = await retried(() => this.database.write<Row>(TAKE_SQL, values), {
      patience: TAKE_PATIENCE_MS,
      mayPass: (error) => error instanceof Unavailable,
    });
    return rows.map(({ id, kind, sequencer, taken }) => ({ id, kind, sequencer: sequencer ?? "", taken }));
  }

  async uploaded(id: string): Promise<void> {
    await this.database.write(
      "UPDATE media SET status = 'uploaded', upload_id = NULL WHERE id = $1 AND status = 'registered'",
      [id],
    );
  }

  async fail(id: string, reason: string): Promise<boolean> {
    const rows = await this.database.write(
      `UPDATE media SET status = 'failed', upload_id = NULL, failure_reason = $2
       WHERE id = $1 AND status IN ('registered', 'uploaded') AND removing_since IS NULL RETURNING id`,
      [id, reason],
    );
    return rows.length > 0;
  }

  async forget(id: string): Promise<void> {
    await this.database.write("DELETE FROM media WHERE id = $1 AND removing_since IS NOT NULL", [id]);
  }
}
