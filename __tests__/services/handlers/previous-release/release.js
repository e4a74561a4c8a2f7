// Recorded by record.ts from commit dec2735addc3dc5763305cac01ba38a45e17892c. Do not edit.
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// code.ts
var code_exports = {};
__export(code_exports, {
  Database: () => Database,
  MediaStatuses: () => MediaStatuses,
  PostgresLeftovers: () => PostgresLeftovers,
  PostgresMediaRegistry: () => PostgresMediaRegistry,
  PostgresMediaRepository: () => PostgresMediaRepository
});
module.exports = __toCommonJS(code_exports);

// handlers/services/database.ts
var import_pg2 = require("pg");

// handlers/media/media.ts
var Unavailable = class extends Error {
  name = "Unavailable";
};

// handlers/runtime/trace.ts
var xray = __toESM(require("aws-xray-sdk-core/dist/lib/context_utils"));
var import_sql_data = __toESM(require("aws-xray-sdk-core/dist/lib/database/sql_data"));
var import_aws_lambda = require("aws-xray-sdk-core/dist/lib/env/aws_lambda");
var import_segment = __toESM(require("aws-xray-sdk-core/dist/lib/segments/segment"));
var import_utils = require("aws-xray-sdk-core/dist/lib/utils");

// handlers/runtime/environment.ts
function isLambda() {
  return Boolean(process.env.LAMBDA_TASK_ROOT);
}

// handlers/runtime/trace.ts
if (isLambda()) (0, import_aws_lambda.init)();
xray.setContextMissingStrategy("IGNORE_ERROR");
function tracedQuery(database, text, query) {
  const { host, port, name, user } = database;
  const describe = (subsegment) => {
    const sql = new import_sql_data.default(void 0, void 0, user, `${host}:${port}/${name}`, "statement");
    subsegment.addAttribute("namespace", "remote");
    subsegment.addSqlData(Object.assign(sql, { database_type: "PostgreSQL", sanitized_query: text }));
  };
  return within(`${name}@${host}`, describe, query);
}
async function within(name, describe, work) {
  const segment = quietly(() => xray.getSegment());
  if (segment?.notTraced === true) return work(traceOf(void 0));
  const subsegment = quietly(() => segment?.addNewSubsegment(name));
  if (subsegment !== void 0) quietly(() => describe(subsegment));
  return closing(subsegment, () => work(traceOf(subsegment)));
}
async function closing(segment, work) {
  try {
    const result = await inside(segment, work);
    quietly(() => segment?.close());
    return result;
  } catch (error) {
    quietly(() => segment?.close(error instanceof Error ? error : String(error)));
    throw error;
  }
}
function inside(segment, work) {
  if (segment === void 0) return work();
  let result;
  quietly(
    () => xray.getNamespace().run(() => {
      quietly(() => xray.setSegment(segment));
      result = (async () => work())();
    })
  );
  return result ?? work();
}
function traceOf(subsegment) {
  return {
    annotate: (name, value) => void quietly(() => subsegment?.addAnnotation(name, value)),
    describe: (name, value) => void quietly(() => subsegment?.addMetadata(name, value))
  };
}
function quietly(trace) {
  try {
    return trace();
  } catch {
    return void 0;
  }
}

// handlers/services/database-errors.ts
var import_pg = require("pg");
var CONNECTION_LOST_CODE = /^(?:08...|25006|57P0[1-3]|ECONNRESET|EPIPE|ETIMEDOUT)$/;
var OVERLOADED_CODE = /^(?:53...|57014)$/;
var CONNECTION_LOST_MESSAGE = /^Connection terminated|is not queryable/;
var QUERY_TIMEOUT_MESSAGE = /^Query read timeout/;
function isLost(error) {
  return CONNECTION_LOST_CODE.test(codeOf(error)) || CONNECTION_LOST_MESSAGE.test(messageOf(error));
}
function isTransient(error) {
  return isLost(error) || OVERLOADED_CODE.test(codeOf(error)) || QUERY_TIMEOUT_MESSAGE.test(messageOf(error));
}
function isRefused(error) {
  return error instanceof import_pg.DatabaseError && !isLost(error);
}
function isMissingColumn(error) {
  return codeOf(error) === "42703";
}
function isUnavailableTable(error) {
  return ["42P01", "42501"].includes(codeOf(error));
}
function codeOf(error) {
  const code = error instanceof Error && "code" in error ? error.code : void 0;
  return typeof code === "string" ? code : "";
}
function messageOf(error) {
  return error instanceof Error ? error.message : "";
}

// handlers/services/database.ts
var CONNECT_TIMEOUT_MS = 3e3;
var STATEMENT_TIMEOUT_MS = 5e3;
var QUERY_TIMEOUT_MS = 6e3;
var MAX_IDLE_MS = 1e4;
var PROBE_QUERY = { text: "SELECT 1", query_timeout: 1e3 };
var Database = class {
  constructor(options) {
    this.options = options;
    const {
      host,
      port,
      name,
      user,
      password,
      tls = { rejectUnauthorized: true, servername: host }
    } = options;
    this.pool = new import_pg2.Pool({
      host,
      port,
      database: name,
      user,
      password,
      ssl: tls,
      application_name: options.applicationName ?? user,
      max: options.connections ?? 1,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      idleTimeoutMillis: 0
    });
    this.pool.on("connect", (connection) => connection.on("error", options.onLost));
    this.pool.on("error", () => void 0);
  }
  options;
  pool;
  /** Last use of each connection. */
  used = /* @__PURE__ */ new WeakMap();
  /**
   * Runs a read-only query, and once more if an old connection was dead. Rejects with `Unavailable` if the database
   * can't be reached or does not respond in time.
   */
  async read(text, values = []) {
    const connection = await this.connect();
    const mayBeDead = this.used.has(connection);
    try {
      return await this.query(connection, text, values);
    } catch (error) {
      if (!mayBeDead || !isLost(error)) throw explained(error);
    }
    const another = await this.connect();
    return this.query(another, text, values).catch((error) => {
      throw explained(error);
    });
  }
  /**
   * Runs a writing query once: if the connection is lost, the result is unknown. Rejects with `Unavailable` like `read`;
   * retry only if it is idempotent.
   */
  async write(text, values = []) {
    const connection = await this.connect();
    return this.query(connection, text, values).catch((error) => {
      throw explained(error);
    });
  }
  async close() {
    await this.pool.end();
  }
  async connect() {
    try {
      const connection = await this.pool.connect();
      if (await this.isAlive(connection)) return connection;
      connection.release(true);
      return await this.pool.connect();
    } catch (error) {
      throw new Unavailable("the database can't be reached", { cause: error });
    }
  }
  async isAlive(connection) {
    const used = this.used.get(connection);
    if (used === void 0 || Date.now() - used < MAX_IDLE_MS) return true;
    return connection.query(PROBE_QUERY).then(
      () => true,
      () => false
    );
  }
  async query(connection, text, values) {
    let usable = false;
    try {
      const { rows } = await tracedQuery(this.options, text, () => connection.query(text, [...values]));
      usable = true;
      return rows;
    } catch (error) {
      usable = isRefused(error);
      throw error;
    } finally {
      this.used.set(connection, Date.now());
      connection.release(!usable);
    }
  }
};
function explained(error) {
  return isTransient(error) ? new Unavailable("the database does not answer", { cause: error }) : error;
}

// handlers/media/failure-reasons.ts
var FAILURE_REASONS = {
  aborted: "The upload was aborted.",
  archive: "The file is a compressed archive, not a video: upload the video in it.",
  damagedSound: "A part of the sound can't be decoded: the file is damaged or of an unusual kind.",
  document: "The file is a document, not a video.",
  empty: "The file is empty.",
  encrypted: "The video is encrypted: upload it without copy protection.",
  expired: "The upload was not completed within 7 days.",
  gone: "The uploaded file no longer exists.",
  incomplete: "The video is incomplete: the file was cut off or is damaged.",
  interrupted: "Processing was interrupted several times. Our team was notified; you don't need to upload the file again.",
  noPicture: "The video has no picture: the file was cut off or is damaged.",
  noPictureSize: "The video has no picture: its width or height is missing.",
  noVideo: "The file contains no video.",
  notProcessed: "Processing failed several times. Our team was notified; you don't need to upload the file again.",
  picture: "The file is a picture, not a video.",
  playlist: "The file is a playlist, not a video: upload the video itself.",
  sound: "The file contains only sound: upload a file with a picture.",
  text: "The file is a text file, not a video.",
  tooLarge: "The picture of {width} \xD7 {height} pixels is too large: the largest is 8192 \xD7 4352.",
  tooLong: "The video is longer than {hours} hours.",
  tooSlow: "Processing the video takes longer than {hours} hours: upload it in a smaller size or shorter parts.",
  tooMuchMemory: "The video needs more than the {mebibytes} MiB of memory that are allowed: upload it in a smaller size.",
  truncated: "The video ends after {seconds} of {promised} seconds: the file was cut off or is damaged.",
  undecodable: "The video can't be decoded: the file is damaged or of an unusual kind.",
  unreadable: "This file format is not supported."
};
var FAILURE_CODES = Object.keys(FAILURE_REASONS);
function failureOf(text) {
  if (text === null) return null;
  for (const [code, template] of Object.entries(FAILURE_REASONS)) {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const pattern = template.split(/\{\w+\}/).map(escaped).join("(\\d+)");
    const found = new RegExp(`^${pattern}$`).exec(text);
    if (found === null) continue;
    const values = Object.fromEntries(names.map((name, index) => [name, Number(found[index + 1])]));
    return { code, values };
  }
  return { code: "unknown", values: {} };
}
var escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// handlers/services/media-table.ts
var MEDIA_BEFORE_0006 = `(SELECT media.*, 'public' AS visibility, '' AS description, NULL::text AS share_token,
  NULL::text AS events_key FROM media) AS media`;
async function readMedia(database, text, values) {
  try {
    return await database.read(text("media"), values);
  } catch (error) {
    if (!isMissingColumn(error)) throw error;
    return database.read(text(MEDIA_BEFORE_0006), values);
  }
}
async function writeMedia(database, text, values) {
  try {
    return await database.write(text, values);
  } catch (error) {
    if (!isMissingColumn(error)) throw error;
    throw new Unavailable("the database is being migrated", { cause: error });
  }
}

// handlers/services/media-repository.ts
var time = (column) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;
var COLUMNS = [
  ...["id", "owner", "title", "content_type", "size_bytes", "status", "failure_reason", "duration_seconds"],
  ...["width", "height", "visibility"],
  ...[time("created_at"), time("updated_at")]
].join(", ");
var LISTED_COLUMNS = `${COLUMNS}, playback_path`;
var PostgresMediaRepository = class {
  constructor(database) {
    this.database = database;
  }
  database;
  async listPublic({ limit, after }) {
    const page = new PageConditions(limit);
    page.where("visibility = 'public' AND status = 'ready'");
    if (after !== void 0) page.after(after);
    return (await this.rows(LISTED_COLUMNS, page)).map(toListed);
  }
  async listOwn({ limit, owner, status, after }) {
    const page = new PageConditions(limit);
    page.where(`owner = ${page.value(owner)}`);
    if (status !== void 0) page.where(`status = ${page.value(status)}`);
    if (after !== void 0) page.after(after);
    const rows = await this.rows(
      `${LISTED_COLUMNS}, events_key`,
      page
    );
    return rows.map((row) => ({ ...toListed(row), eventsKey: row.events_key }));
  }
  async find(id) {
    const [row] = await readMedia(
      this.database,
      (media) => `SELECT ${COLUMNS}, description, playback_path, share_token, events_key FROM ${media}
         WHERE id = $1 AND removing_since IS NULL`,
      [id]
    );
    return row === void 0 ? void 0 : {
      ...toListed(row),
      description: row.description,
      shareToken: row.share_token,
      eventsKey: row.events_key
    };
  }
  async check() {
    await this.database.read("SELECT 1");
  }
  rows(columns, { conditions, values }) {
    return readMedia(
      this.database,
      (media) => `SELECT ${columns} FROM ${media} WHERE ${conditions.join(" AND ")}
         ORDER BY media.created_at DESC, id DESC LIMIT $1`,
      values
    );
  }
};
var PageConditions = class {
  conditions = ["removing_since IS NULL"];
  values;
  constructor(limit) {
    this.values = [limit];
  }
  where(condition) {
    this.conditions.push(condition);
  }
  /** Adds a value; returns its placeholder. */
  value(value) {
    return `$${this.values.push(value)}`;
  }
  after({ createdAt, id }) {
    this.where(`(media.created_at, id) < (${this.value(createdAt)}::timestamptz, ${this.value(id)}::uuid)`);
  }
};
function toListed(row) {
  return { ...toMedia(row), playbackPath: row.playback_path };
}
function toMedia(row) {
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
    updatedAt: row.updated_at
  };
}

// handlers/services/media-registry.ts
var PostgresMediaRegistry = class {
  constructor(database) {
    this.database = database;
  }
  database;
  async add(media) {
    const { id, title, contentType, sizeBytes, owner, uploadId, description, visibility, shareToken } = media;
    const [row] = await writeMedia(
      this.database,
      `INSERT INTO media (id, title, content_type, size_bytes, owner, upload_id, description, visibility, share_token)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
      [id, title, contentType, sizeBytes, owner, uploadId, description, visibility, shareToken]
    );
    if (row === void 0) throw new Error(`the media ${id} was not added`);
    return toMedia(row);
  }
  async find(id) {
    const [row] = await readMedia(
      this.database,
      (media) => `SELECT owner, status, visibility, size_bytes, upload_id, removing_since IS NOT NULL AS removing, attempts
         FROM ${media} WHERE id = $1`,
      [id]
    );
    if (row === void 0) return void 0;
    const { owner, status, visibility, size_bytes: size, upload_id: uploadId, removing, attempts } = row;
    return { id, owner, status, visibility, sizeBytes: Number(size), uploadId, removing, attempts };
  }
  async change(id, changes, shareToken) {
    const { title, description, visibility } = changes;
    const rows = await writeMedia(
      this.database,
      `UPDATE media SET title = coalesce($2, title), description = coalesce($3, description),
         visibility = coalesce($4, visibility),
         share_token = CASE coalesce($4, visibility) WHEN 'unlisted' THEN coalesce(share_token, $5) END,
         events_key = CASE WHEN events_key IS NULL OR $4 <> visibility THEN gen_random_uuid()::text
           ELSE events_key END
       WHERE id = $1 AND removing_since IS NULL RETURNING id`,
      [id, title ?? null, description ?? null, visibility ?? null, shareToken]
    );
    return rows.length > 0;
  }
  async share(id, shareToken) {
    const rows = await writeMedia(
      this.database,
      `UPDATE media SET share_token = $2, events_key = gen_random_uuid()::text
       WHERE id = $1 AND removing_since IS NULL AND visibility = 'unlisted' RETURNING id`,
      [id, shareToken]
    );
    return rows.length > 0;
  }
  async usage(owner) {
    const recent = (table) => `SELECT size_bytes, duration_seconds FROM ${table}
       WHERE owner = $1 AND created_at > clock_timestamp() - interval '24 hours'`;
    const usageOf = (uploads) => this.database.read(
      `SELECT count(*) AS videos, coalesce(sum(size_bytes), 0) AS bytes,
           coalesce(sum(duration_seconds), 0) / 60 AS minutes
         FROM (${uploads}) AS uploads`,
      [owner]
    );
    const [row] = await usageOf(`${recent("media")} UNION ALL ${recent("deleted_media")}`).catch(
      (error) => {
        if (isUnavailableTable(error)) return usageOf(recent("media"));
        throw error;
      }
    );
    return { videos: Number(row?.videos), bytes: Number(row?.bytes), minutes: row?.minutes ?? 0 };
  }
  async uploaded(id) {
    await this.database.write(
      `UPDATE media SET upload_id = NULL,
         status = CASE status WHEN 'registered' THEN 'uploaded' ELSE status END
       WHERE id = $1 AND (upload_id IS NOT NULL OR status = 'registered')`,
      [id]
    );
  }
  async aborted(id, { reason }) {
    await this.database.write(
      `UPDATE media SET upload_id = NULL,
         failure_reason = CASE status WHEN 'registered' THEN $2 ELSE failure_reason END,
         status = CASE status WHEN 'registered' THEN 'failed' ELSE status END
       WHERE id = $1 AND (upload_id IS NOT NULL OR status = 'registered')`,
      [id, reason]
    );
  }
  async retried(id) {
    try {
      const [row] = await this.database.write(
        `UPDATE media SET status = 'uploaded', failure_reason = NULL, message_id = NULL
         WHERE id = $1 AND status = 'failed' AND removing_since IS NULL
         RETURNING source_sequencer AS sequencer`,
        [id]
      );
      return row && (row.sequencer ?? "");
    } catch (error) {
      if (isRefused(error)) throw new Unavailable("the database is being migrated", { cause: error });
      throw error;
    }
  }
  async hide(id) {
    const [row] = await this.database.write(
      `UPDATE media SET removing_since = coalesce(removing_since, clock_timestamp())
       WHERE id = $1
       RETURNING (status = 'processing' AND coalesce(leased_until > clock_timestamp(), false)) AS "inWork"`,
      [id]
    );
    return row;
  }
  async forget(id) {
    await this.database.write("DELETE FROM media WHERE id = $1 AND removing_since IS NOT NULL", [id]);
  }
};

// handlers/services/retry.ts
var import_promises = require("node:timers/promises");
var MAX_PAUSE_MS = 5e3;
async function retried(work, { patience, mayPass, signal, pause = 250 }) {
  const until = Date.now() + patience;
  for (let wait = pause; ; wait = Math.min(wait * 2, MAX_PAUSE_MS)) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!mayPass(error) || Date.now() + wait > until) throw error;
    }
    await (0, import_promises.setTimeout)(wait, void 0, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}

// handlers/services/media-statuses.ts
var CLAIM_SQL = `
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
var RESTORED_SOURCE_SQL = `
  UPDATE media SET source_version = $2, source_sequencer = $3
  WHERE id = $1 AND removing_since IS NULL AND status = 'ready' AND source_etag = $4
    AND source_version <> $2 AND (source_sequencer IS NULL OR source_sequencer <= $3)
  RETURNING id`;
var READ_CLAIM_SQL = `
  SELECT status, source_version, message_id, source_sequencer > $2 AS newer,
    extract(epoch FROM leased_until - clock_timestamp())::float AS seconds
  FROM media WHERE id = $1 AND removing_since IS NULL`;
var LEASE_OWNER_SQL = "id = $1 AND lease_owner = $2";
var LEASE_HELD_SQL = `${LEASE_OWNER_SQL} AND removing_since IS NULL AND status`;
var RENEW_SQL = `
  UPDATE media SET leased_until = clock_timestamp() + make_interval(secs => $3)
  WHERE ${LEASE_HELD_SQL} = 'processing' RETURNING id`;
var READY_SQL = `
  UPDATE media SET status = 'ready', leased_until = NULL,
    playback_path = $3, width = $4, height = $5, duration_seconds = $6, failure_reason = $7
  WHERE ${LEASE_HELD_SQL} IN ('processing', 'ready') RETURNING id`;
var MediaStatuses = class {
  constructor(options) {
    this.options = options;
  }
  options;
  async claim({ source, messageId, lease, missing, seconds }) {
    const { version, sequencer, etag } = source;
    const values = [lease.id, version, sequencer, messageId, lease.owner, seconds, etag, missing];
    if (await this.changes(CLAIM_SQL, values)) return { kind: "claimed" };
    if (await this.changes(RESTORED_SOURCE_SQL, [lease.id, version, sequencer, etag]))
      return { kind: "done" };
    const { database } = this.options;
    const [row] = await this.waited(() => database.read(READ_CLAIM_SQL, [lease.id, sequencer]));
    return explained2(row, { version, messageId, missing });
  }
  async renew({ id, owner }, seconds) {
    return (await this.options.database.write(RENEW_SQL, [id, owner, seconds])).length > 0;
  }
  confirm({ id, owner }, seconds) {
    return this.changes(RENEW_SQL, [id, owner, seconds]);
  }
  async ready({ id, owner }, processed) {
    const { playbackPath, width, height, durationSeconds, notice = null } = processed;
    const values = [id, owner, playbackPath, width, height, durationSeconds];
    try {
      return await this.changes(READY_SQL, [...values, notice]);
    } catch (error) {
      if (notice === null || !isRefused(error)) throw error;
      return this.changes(READY_SQL, [...values, null]);
    }
  }
  failed({ id, owner }, reason) {
    return this.changes(
      `UPDATE media SET status = 'failed', leased_until = NULL, failure_reason = $3
       WHERE ${LEASE_HELD_SQL} IN ('processing', 'failed') RETURNING id`,
      [id, owner, reason]
    );
  }
  /** Clears the message id, so that the same message can claim the media again. */
  givenUp({ id, owner }, reason) {
    return this.changes(
      `UPDATE media SET status = 'failed', leased_until = NULL, message_id = NULL, failure_reason = $3
       WHERE ${LEASE_HELD_SQL} IN ('processing', 'failed') RETURNING id`,
      [id, owner, reason]
    );
  }
  /** Waits at most 5 s: the lease expires anyway, and a stopping processor has no more time. */
  async release({ id, owner }) {
    await this.changes(
      `UPDATE media SET leased_until = clock_timestamp()
       WHERE ${LEASE_OWNER_SQL} AND status = 'processing' RETURNING id`,
      [id, owner],
      5e3
    );
  }
  async failAbandoned(seconds, reason) {
    const rows = await this.options.database.write(
      `UPDATE media SET status = 'failed', leased_until = NULL, message_id = NULL, failure_reason = $2
       WHERE status = 'processing' AND leased_until < clock_timestamp() - make_interval(secs => $1)
       RETURNING id`,
      [seconds, reason]
    );
    return rows.map(({ id }) => id);
  }
  async find(id) {
    const [row] = await readMedia(
      this.options.database,
      (media) => `SELECT id, status, failure_reason AS "failureReason", visibility, events_key AS "eventsKey"
         FROM ${media} WHERE id = $1 AND removing_since IS NULL`,
      [id]
    );
    return row;
  }
  async changes(text, values, longest) {
    const { database } = this.options;
    return (await this.waited(() => database.write(text, values), longest)).length > 0;
  }
  waited(work, longest = Infinity) {
    const { patience = 12e4 } = this.options;
    return retried(work, {
      patience: Math.min(patience, longest),
      mayPass: (error) => error instanceof Unavailable
    });
  }
};
function explained2(row, { version, messageId, missing }) {
  if (row === void 0) return { kind: "unknown" };
  const { status, source_version, message_id, newer, seconds } = row;
  if (source_version !== version && newer === true) return { kind: "done" };
  if (status === "ready" && (missing || source_version === version)) return { kind: "done" };
  if (source_version === version && status === "failed" && message_id === messageId)
    return { kind: "hopeless" };
  return { kind: "busy", seconds: Math.max(0, seconds ?? 0), sameMessage: message_id === messageId };
}

// handlers/services/leftovers.ts
var TAKE_SQL = `
  UPDATE media SET updated_at = clock_timestamp()
  FROM (
    SELECT id, CASE WHEN removing_since IS NOT NULL THEN 'removing' ELSE status END AS kind FROM media
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
  RETURNING media.id, found.kind, media.source_sequencer AS sequencer`;
var TAKE_PATIENCE_MS = 2e4;
var PostgresLeftovers = class {
  constructor(database) {
    this.database = database;
  }
  database;
  async take({
    removingSeconds,
    uploadedSeconds,
    registeredSeconds,
    limit
  }) {
    const values = [removingSeconds, uploadedSeconds, registeredSeconds, limit];
    const rows = await retried(() => this.database.write(TAKE_SQL, values), {
      patience: TAKE_PATIENCE_MS,
      mayPass: (error) => error instanceof Unavailable
    });
    return rows.map(({ id, kind, sequencer }) => ({ id, kind, sequencer: sequencer ?? "" }));
  }
  async uploaded(id) {
    await this.database.write(
      "UPDATE media SET status = 'uploaded', upload_id = NULL WHERE id = $1 AND status = 'registered'",
      [id]
    );
  }
  async fail(id, reason) {
    const rows = await this.database.write(
      `UPDATE media SET status = 'failed', upload_id = NULL, failure_reason = $2
       WHERE id = $1 AND status IN ('registered', 'uploaded') AND removing_since IS NULL RETURNING id`,
      [id, reason]
    );
    return rows.length > 0;
  }
  async forget(id) {
    await this.database.write("DELETE FROM media WHERE id = $1 AND removing_since IS NOT NULL", [id]);
  }
};
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  Database,
  MediaStatuses,
  PostgresLeftovers,
  PostgresMediaRegistry,
  PostgresMediaRepository
});
module.exports.release = {"commit":"dec2735addc3dc5763305cac01ba38a45e17892c","migrations":9};
