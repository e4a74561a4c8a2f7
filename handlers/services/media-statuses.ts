import { Unavailable, type Status } from "../media/media";
import type { Claim, ClaimRequest, Followed, Lease, Processed, Statuses } from "../processor/ports";
import type { Database } from "./database";
import { isMissingColumn } from "./database-errors";
import { readMedia } from "./media-table";
import { retried } from "./retry";

export interface MediaStatusesOptions {
  readonly database: Pick<Database, "read" | "write">;
  /** Milliseconds of retries if the database is unavailable. */
  readonly patience?: number;
}

interface Row {
  status: Status;
  source_version: string | null;
  message_id: string | null;
  newer: boolean | null;
  seconds: number | null;
}

const CLAIM_SQL = `
  UPDATE media SET status = 'processing', failure_reason = NULL, playback_path = NULL,
    source_version = $2, source_sequencer = $3, source_etag = nullif($7, ''), message_id = $4,
    attempts = attempts + 1,
    lease_owner = $5, leased_until = clock_timestamp() + make_interval(secs => $6)
  WHERE id = $1 AND removing_since IS NULL
    AND (status <> 'processing' OR leased_until IS NULL OR leased_until <= clock_timestamp() OR lease_owner = $5)
    AND (status <> 'ready' OR (NOT $8 AND source_version IS DISTINCT FROM $2 AND (source_etag IS NULL OR source_etag <> $7)))
    AND (status <> 'failed' OR source_version IS DISTINCT FROM $2 OR message_id IS DISTINCT FROM $4)
    AND (source_sequencer IS NULL OR source_sequencer <= $3 OR source_version = $2)
  RETURNING id`;

/** A restored source has the same content: its stream exists, only the version changes. */
const RESTORED_SOURCE_SQL = `
  UPDATE media SET source_version = $2, source_sequencer = $3
  WHERE id = $1 AND removing_since IS NULL AND status = 'ready' AND source_etag = $4
    AND source_version <> $2 AND (source_sequencer IS NULL OR source_sequencer <= $3)
  RETURNING id`;

const READ_CLAIM_SQL = `
  SELECT status, source_version, message_id, source_sequencer > $2 AS newer,
    extract(epoch FROM leased_until - clock_timestamp())::float AS seconds
  FROM media WHERE id = $1 AND removing_since IS NULL`;

const LEASE_OWNER_SQL = "id = $1 AND lease_owner = $2";
/** A media that is being removed has lost its lease, so that its processor stops. */
const LEASE_HELD_SQL = `${LEASE_OWNER_SQL} AND removing_since IS NULL AND status`;

const RENEW_SQL = `
  UPDATE media SET leased_until = clock_timestamp() + make_interval(secs => $3)
  WHERE ${LEASE_HELD_SQL} = 'processing' RETURNING id`;

const READY_SQL = `
  UPDATE media SET status = 'ready', leased_until = NULL,
    playback_path = $3, width = $4, height = $5, duration_seconds = $6, failure_reason = $7, download_bytes = $8
  WHERE ${LEASE_HELD_SQL} IN ('processing', 'ready') RETURNING id`;

/** Before migration 0010, without a download. To be removed one release later. */
const READY_BEFORE_0010_SQL = READY_SQL.replace(", download_bytes = $8", "");

/** Statuses of media in PostgreSQL. All changes except `renew` wait for an unavailable database, and are idempotent. */
export class MediaStatuses implements Statuses {
  constructor(private readonly options: MediaStatusesOptions) {}

  async claim({ source, messageId, lease, missing, seconds }: ClaimRequest): Promise<Claim> {
    const { version, sequencer, etag } = source;
    const values = [lease.id, version, sequencer, messageId, lease.owner, seconds, etag, missing];
    if (await this.changes(CLAIM_SQL, values)) return { kind: "claimed" };
    if (await this.changes(RESTORED_SOURCE_SQL, [lease.id, version, sequencer, etag]))
      return { kind: "done" };
    const { database } = this.options;
    const [row] = await this.waited(() => database.read<Row>(READ_CLAIM_SQL, [lease.id, sequencer]));
    return explained(row, { version, messageId, missing });
  }

  async renew({ id, owner }: Lease, seconds: number): Promise<boolean> {
    return (await this.options.database.write(RENEW_SQL, [id, owner, seconds])).length > 0;
  }

  confirm({ id, owner }: Lease, seconds: number): Promise<boolean> {
    return this.changes(RENEW_SQL, [id, owner, seconds]);
  }

  async ready({ id, owner }: Lease, processed: Processed): Promise<boolean> {
    const { playbackPath, width, height, durationSeconds, notice = null, downloadBytes = null } = processed;
    const values = [id, owner, playbackPath, width, height, durationSeconds, notice];
    try {
      return await this.changes(READY_SQL, [...values, downloadBytes]);
    } catch (error) {
      if (!isMissingColumn(error)) throw error;
      return this.changes(READY_BEFORE_0010_SQL, values);
    }
  }

  failed({ id, owner }: Lease, reason: string): Promise<boolean> {
    return this.changes(
      `UPDATE media SET status = 'failed', leased_until = NULL, failure_reason = $3
       WHERE ${LEASE_HELD_SQL} IN ('processing', 'failed') RETURNING id`,
      [id, owner, reason],
    );
  }

  /** Clears the message id, so that the same message can claim the media again. */
  givenUp({ id, owner }: Lease, reason: string): Promise<boolean> {
    return this.changes(
      `UPDATE media SET status = 'failed', leased_until = NULL, message_id = NULL, failure_reason = $3
       WHERE ${LEASE_HELD_SQL} IN ('processing', 'failed') RETURNING id`,
      [id, owner, reason],
    );
  }

  /** Waits at most 5 s: the lease expires anyway, and a stopping processor has no more time. */
  async release({ id, owner }: Lease): Promise<void> {
    await this.changes(
      `UPDATE media SET leased_until = clock_timestamp()
       WHERE ${LEASE_OWNER_SQL} AND status = 'processing' RETURNING id`,
      [id, owner],
      5_000,
    );
  }

  async failAbandoned(seconds: number, reason: string): Promise<readonly string[]> {
    const rows = await this.options.database.write<{ id: string }>(
      `UPDATE media SET status = 'failed', leased_until = NULL, message_id = NULL, failure_reason = $2
       WHERE status = 'processing' AND leased_until < clock_timestamp() - make_interval(secs => $1)
       RETURNING id`,
      [seconds, reason],
    );
    return rows.map(({ id }) => id);
  }

  async find(id: string): Promise<Followed | undefined> {
    const [row] = await readMedia<Followed>(
      this.options.database,
      (media) =>
        `SELECT id, status, failure_reason AS "failureReason", visibility, events_key AS "eventsKey"
         FROM ${media} WHERE id = $1 AND removing_since IS NULL`,
      [id],
    );
    return row;
  }

  private async changes(text: string, values: readonly unknown[], longest?: number): Promise<boolean> {
    const { database } = this.options;
    return (await this.waited(() => database.write(text, values), longest)).length > 0;
  }

  private waited<Result>(work: () => Promise<Result>, longest = Infinity): Promise<Result> {
    const { patience = 120_000 } = this.options;
    return retried(work, {
      patience: Math.min(patience, longest),
      mayPass: (error) => error instanceof Unavailable,
    });
  }
}

/** The claimed version and its message. */
interface Claimed {
  readonly version: string;
  readonly messageId: string;
  /** The version no longer exists. */
  readonly missing: boolean;
}

function explained(row: Row | undefined, { version, messageId, missing }: Claimed): Claim {
  if (row === undefined) return { kind: "unknown" };
  const { status, source_version, message_id, newer, seconds } = row;
  if (source_version !== version && newer === true) return { kind: "done" };
  if (status === "ready" && (missing || source_version === version)) return { kind: "done" };
  if (source_version === version && status === "failed" && message_id === messageId)
    return { kind: "hopeless" };
  return { kind: "busy", seconds: Math.max(0, seconds ?? 0), sameMessage: message_id === messageId };
}
