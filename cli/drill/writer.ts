import { createHash, randomUUID } from "node:crypto";
import type { Client } from "pg";

/** A committed row. */
export interface Row {
  readonly digest: string;
  /** Time of PostgreSQL's commit in milliseconds, rounded up. */
  readonly at: Date;
}

/**
 * The time with which PostgreSQL's recovery compares its target, in milliseconds since 1970. `updated_at` is before it:
 * on a busy machine the commit can follow in the next second.
 */
const COMMITTED_MS = "ceil(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8";

/** Changes the media table continuously and records every committed change. */
export class Writer {
  private history: { readonly id: string; readonly row: Row }[] = [];
  private running: Promise<void> | undefined;
  private going = false;

  constructor(private readonly client: Client) {}

  /** Number of committed changes. */
  get changes(): number {
    return this.history.length;
  }

  /** Inserts a number of rows in one statement. */
  async fill(rows: number): Promise<void> {
    const { rows: made } = await this.client.query<{ id: string; title: string }>(
      `INSERT INTO media (title, content_type, size_bytes)
       SELECT 'video ' || n, 'video/mp4', n FROM generate_series(1, $1::int) n
       RETURNING id, title`,
      [rows],
    );
    const at = new Date(Date.now() + 1);
    for (const { id, title } of made) this.history.push({ id, row: { digest: digest(id, title), at } });
  }

  /** Starts inserting and changing rows sequentially. */
  start(): void {
    this.going = true;
    this.running = this.run().catch(() => undefined);
  }

  /** Resolves when the current change is committed, or lost with the server. */
  async stop(): Promise<void> {
    this.going = false;
    await this.running;
  }

  forget(): void {
    this.history = [];
  }

  /**
   * Compares rows with the history at a time: missing, different and unexpected rows. `lost` is the time of the first
   * lost change, if any.
   */
  compare(found: ReadonlyMap<string, Row>, time: Date): { differences: string[]; lost: Date | undefined } {
    const expected = new Map<string, Row>();
    for (const { id, row } of this.history) if (row.at <= time) expected.set(id, row);
    const differences = [
      ...[...expected].flatMap(([id, row]) => {
        const other = found.get(id);
        if (other === undefined) return [`${id} of ${row.at.toISOString()} is missing`];
        return other.digest === row.digest ? [] : [`${id} differs from ${time.toISOString()}`];
      }),
      ...[...found.keys()].filter((id) => !expected.has(id)).map((id) => `${id} is unexpected`),
    ];
    return { differences, lost: this.history.find(({ row }) => row.at > time)?.row.at };
  }

  private async run(): Promise<void> {
    for (let count = 0; this.going; count++) {
      const changed = count % 3 === 0 ? this.history.at(-1)?.id : undefined;
      const id = changed ?? randomUUID();
      const title = `title ${count} of ${id}`;
      await this.client.query(
        `INSERT INTO media (id, title, content_type, size_bytes) VALUES ($1, $2, 'video/mp4', 1)
         ON CONFLICT (id) DO UPDATE SET title = $2`,
        [id, title],
      );
      const { rows } = await this.client.query<{ ms: number }>(
        `SELECT ${COMMITTED_MS} AS ms FROM media WHERE id = $1`,
        [id],
      );
      this.history.push({ id, row: { digest: digest(id, title), at: new Date(rows[0]?.ms ?? 0) } });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

/** All rows of the table. */
export async function rowsOf(client: Client): Promise<Map<string, Row>> {
  const { rows } = await client.query<{ id: string; title: string; ms: number }>(
    `SELECT id, title, ${COMMITTED_MS} AS ms FROM media`,
  );
  return new Map(rows.map(({ id, title, ms }) => [id, { digest: digest(id, title), at: new Date(ms) }]));
}

const digest = (...fields: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(fields)).digest("base64url");
