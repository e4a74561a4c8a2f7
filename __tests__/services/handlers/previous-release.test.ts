import { randomUUID } from "node:crypto";
import { startDatabase, type TestDatabase } from "./servers";

/**
 * Statements of the functions and processors before migration 0010, as they were recorded then. They run on for minutes
 * after a migration. Replace them by those of the release before when a migration is added.
 */
const COLUMNS =
  "id, owner, title, content_type, size_bytes, status, failure_reason, duration_seconds, width, height, visibility";
const HELD = "id = $1 AND lease_owner = $2 AND removing_since IS NULL AND status";
const PREVIOUS = {
  list: `SELECT ${COLUMNS} FROM media WHERE removing_since IS NULL ORDER BY media.created_at DESC, id DESC LIMIT $1`,
  listPublic: `SELECT ${COLUMNS}, playback_path FROM media
    WHERE removing_since IS NULL AND visibility = 'public' AND status = 'ready'
    ORDER BY media.created_at DESC, id DESC LIMIT $1`,
  change: `UPDATE media SET title = coalesce($2, title), description = coalesce($3, description),
      visibility = coalesce($4, visibility),
      share_token = CASE coalesce($4, visibility) WHEN 'unlisted' THEN coalesce(share_token, $5) END,
      events_key = CASE WHEN events_key IS NULL OR $4 <> visibility THEN gen_random_uuid()::text
        ELSE events_key END
    WHERE id = $1 AND removing_since IS NULL RETURNING id`,
  find: `SELECT ${COLUMNS}, description, playback_path, share_token, events_key FROM media WHERE id = $1 AND removing_since IS NULL`,
  add: `INSERT INTO media (id, title, content_type, size_bytes, owner, upload_id, description, visibility, share_token)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
  uploaded: `UPDATE media SET upload_id = NULL,
      status = CASE status WHEN 'registered' THEN 'uploaded' ELSE status END
    WHERE id = $1 AND (upload_id IS NOT NULL OR status = 'registered') RETURNING id`,
  claim: `UPDATE media SET status = 'processing', failure_reason = NULL, playback_path = NULL,
      source_version = $2, source_sequencer = $3, source_etag = nullif($7, ''), message_id = $4,
      attempts = attempts + 1,
      lease_owner = $5, leased_until = clock_timestamp() + make_interval(secs => $6)
    WHERE id = $1 AND removing_since IS NULL
      AND (status <> 'processing' OR leased_until IS NULL OR leased_until <= clock_timestamp() OR lease_owner = $5)
      AND (status <> 'ready' OR (NOT $8 AND source_version IS DISTINCT FROM $2 AND (source_etag IS NULL OR source_etag <> $7)))
      AND (status <> 'failed' OR source_version IS DISTINCT FROM $2 OR message_id IS DISTINCT FROM $4)
      AND (source_sequencer IS NULL OR source_sequencer <= $3 OR source_version = $2)
    RETURNING id`,
  renew: `UPDATE media SET leased_until = clock_timestamp() + make_interval(secs => $3)
    WHERE ${HELD} = 'processing' RETURNING id`,
  ready: `UPDATE media SET status = 'ready', leased_until = NULL,
      playback_path = $3, width = $4, height = $5, duration_seconds = $6, failure_reason = $7
    WHERE ${HELD} IN ('processing', 'ready') RETURNING id`,
  status: `SELECT id, status, failure_reason AS "failureReason", visibility, events_key AS "eventsKey" FROM media WHERE id = $1 AND removing_since IS NULL`,
  failAbandoned: `UPDATE media SET status = 'failed', leased_until = NULL, message_id = NULL, failure_reason = $2
    WHERE status = 'processing' AND leased_until < clock_timestamp() - make_interval(secs => $1) RETURNING id`,
  hide: `UPDATE media SET removing_since = coalesce(removing_since, clock_timestamp()) WHERE id = $1 RETURNING id`,
  forget: "DELETE FROM media WHERE id = $1 AND removing_since IS NOT NULL RETURNING id",
};

let server: TestDatabase;
beforeAll(async () => {
  server = await startDatabase({ migrated: true });
});
afterAll(() => server.stop());

it("a video of the release before goes its way on the schema of this one", async () => {
  const [id, lease] = [randomUUID(), randomUUID()];
  const run = async (statement: keyof typeof PREVIOUS, ...values: unknown[]): Promise<number> => {
    const { rowCount } = await server.admin().query(PREVIOUS[statement], values);
    return rowCount ?? 0;
  };
  expect(await run("add", id, "Old", "video/mp4", 7, "creator", "upload", "", "private", null)).toBe(1);
  expect(await run("list", 5)).toBe(1);
  expect(await run("uploaded", id)).toBe(1);
  expect(await run("claim", id, "v", "1", "m", lease, 60, "e", false)).toBe(1);
  expect(await run("renew", id, lease, 60)).toBe(1);
  expect(await run("failAbandoned", 3_600, "interrupted")).toBe(0);
  expect(await run("ready", id, lease, `stream/${id}/r/`, 2, 2, 1.5, null)).toBe(1);
  expect(await run("status", id)).toBe(1);
  expect(await run("find", id)).toBe(1);
  expect(await run("listPublic", 5)).toBe(0);
  expect(await run("change", id, null, null, "public", null)).toBe(1);
  expect(await run("listPublic", 5)).toBe(1);
  const { rows } = await server.admin().query("SELECT download_bytes FROM media WHERE id = $1", [id]);
  expect(rows).toEqual([{ download_bytes: null }]);
  expect(await run("hide", id)).toBe(1);
  expect(await run("forget", id)).toBe(1);
});
