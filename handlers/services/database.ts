import { Pool, type PoolConfig, type QueryResultRow } from "pg";
import { tracedQuery } from "../runtime/trace";

export interface DatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Asked anew for each connection: a token is old after 15 minutes, a connection is not. */
  readonly password: () => Promise<string>;
  /** TLS with a verified certificate, unless a test runs without. */
  readonly ssl?: PoolConfig["ssl"];
  /** Told of connections that break while nobody uses them. */
  readonly onLostConnection: (error: Error) => void;
}

/** Milliseconds. Together below the 29 seconds that API Gateway waits. */
const CONNECT = 5_000;
const STATEMENT = 10_000;

/** Codes of PostgreSQL and of the network for a connection that is gone, as opposed to a query that is wrong. */
const LOST = new Set([
  "57P01",
  "57P02",
  "57P03",
  "08000",
  "08003",
  "08006",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Queries by one connection at a time: a Lambda instance answers one request at a time. */
export class Database {
  private readonly pool: Pool;

  constructor(private readonly options: DatabaseOptions) {
    this.pool = new Pool({
      host: options.host,
      port: options.port,
      database: options.database,
      user: options.user,
      password: options.password,
      ssl: options.ssl ?? { rejectUnauthorized: true, servername: options.host },
      max: 1,
      connectionTimeoutMillis: CONNECT,
      statement_timeout: STATEMENT,
      query_timeout: STATEMENT + 1_000,
      keepAlive: true,
      // A frozen instance can't keep its connection warm; the next request finds out and reconnects.
      idleTimeoutMillis: 0,
    });
    this.pool.on("error", options.onLostConnection);
  }

  /** Runs a query that changes nothing; once more on a new connection when the old one turned out dead. */
  async read<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return await this.query<Row>(text, values);
    } catch (error) {
      if (!isLost(error)) throw error;
      return this.query<Row>(text, values);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async query<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> {
    const { host, database: name, user } = this.options;
    const { rows } = await tracedQuery({ host, name, user }, text, () =>
      this.pool.query<Row>(text, [...values]),
    );
    return rows;
  }
}

function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === "string" && LOST.has(code)) || /Connection terminated/.test(error.message);
}
