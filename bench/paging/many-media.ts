import type { Media, OwnPageQuery, PageQuery, Position, Status } from "../../handlers/media/media";
import { Database } from "../../handlers/services/database";
import { PostgresMediaRepository } from "../../handlers/services/media-repository";
import { databaseToken } from "../../handlers/services/login-token";
import { host, keys, region, startDatabase } from "../../harness/database";

export const ROWS = 1_000_000;
/** One media in this many has failed; others are ready. */
const ROWS_PER_FAILURE = 100;

/** The creator of all media. */
export const OWNER = "creator";

/** A page of everybody's list, or with an owner of the creator's. */
export type ListQuery = PageQuery & Partial<Pick<OwnPageQuery, "owner" | "status">>;

const list = (repository: PostgresMediaRepository, { owner, ...query }: ListQuery): Promise<Media[]> =>
  owner === undefined ? repository.listPublic(query) : repository.listOwn({ ...query, owner });

/** A database with very many media. */
export interface ManyMedia {
  /** Latency of a page in milliseconds. Throws if the page is not full. */
  read(query: ListQuery): Promise<number>;
  /** Positions of the middle page and the last page. */
  places(status: Status | undefined, limit: number): Promise<{ middle: Position; last: Position }>;
  /** Query plan of a page: `EXPLAIN (ANALYZE, BUFFERS)`. */
  plan(query: ListQuery): Promise<string[]>;
  stop(): Promise<void>;
}

/** Three media share each time, so that ids matter. */
const INSERT = `
  INSERT INTO media (title, content_type, size_bytes, created_at, owner, visibility, status, duration_seconds, width, height)
  SELECT 'Video ' || n, 'video/mp4', 1000000 + n, timestamptz '2026-01-01' + n / 3 * interval '1 second',
    '${OWNER}', 'public', CASE WHEN n % ${ROWS_PER_FAILURE} = 0 THEN 'failed' ELSE 'ready' END, 61.5, 1280, 720
  FROM generate_series(1, ${ROWS}) AS n`;

export async function startManyMedia(): Promise<ManyMedia> {
  const server = await startDatabase({ migrated: true });
  await server.admin().query(INSERT);
  await server.admin().query("VACUUM ANALYZE media");
  const login = { host, port: server.port, name: server.name, user: "media" };
  const database = new Database({
    ...login,
    password: () => Promise.resolve(databaseToken({ ...login, region }, keys)),
    tls: { ca: server.ca, servername: host },
    onLost: () => undefined,
  });
  const repository = new PostgresMediaRepository(database);
  return {
    async read(query) {
      const began = performance.now();
      const { length } = await list(repository, query);
      const milliseconds = performance.now() - began;
      if (length !== query.limit) throw new Error(`the page must have ${query.limit} media, got ${length}`);
      return milliseconds;
    },
    async places(status, limit) {
      const failed = ROWS / ROWS_PER_FAILURE;
      const all = status === "failed" ? failed : ROWS - failed;
      const at = async (offset: number): Promise<Position> => {
        const { rows } = await server.admin().query<Position>(
          `SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAt"
           FROM media WHERE status = coalesce($1, 'ready')
           ORDER BY media.created_at DESC, id DESC OFFSET $2 LIMIT 1`,
          [status ?? null, offset],
        );
        if (rows[0] === undefined) throw new Error(`there is no media ${offset}`);
        return rows[0];
      };
      return { middle: await at(all / 2 - 1), last: await at(all - limit - 1) };
    },
    async plan(query) {
      const { text, values } = await queryOf(query);
      const { rows } = await server
        .admin()
        .query<{ "QUERY PLAN": string }>(`EXPLAIN (ANALYZE, BUFFERS) ${text}`, [...values]);
      return rows.map((row) => row["QUERY PLAN"]);
    },
    async stop() {
      await database.close();
      await server.stop();
    },
  };
}

/** The function's own query with its values. */
export async function queryOf(query: ListQuery): Promise<{ text: string; values: readonly unknown[] }> {
  const asked: { text: string; values: readonly unknown[] }[] = [];
  const listening = {
    read: (text: string, values: readonly unknown[]) => {
      asked.push({ text, values });
      return Promise.resolve([]);
    },
  };
  await list(new PostgresMediaRepository(listening as unknown as Database), query);
  const [first] = asked;
  if (first === undefined) throw new Error("the repository sent no query");
  return first;
}
