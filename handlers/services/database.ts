import { Pool, type PoolClient, type PoolConfig, type QueryConfig, type QueryResultRow } from "pg";
import { Unavailable } from "../media/media";
import { tracedQuery } from "../runtime/trace";
import { isLost, isRefused, isTransient } from "./database-errors";

export interface DatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  /**
   * Application name in pg_stat_activity.
   * @default the user
   */
  readonly applicationName?: string;
  /** Called for each connection: tokens expire after 15 minutes. */
  readonly password: () => Promise<string>;
  /**
   * TLS options.
   * @default verifies the host name with Node.js's certificate authorities
   */
  readonly tls?: PoolConfig["ssl"];
  /**
   * Maximum connections.
   * @default 1
   */
  readonly connections?: number;
  /** Called when a connection is lost unexpectedly. */
  readonly onLost: (error: Error) => void;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Timeouts in milliseconds. A read takes at most 19 s including retry; API Gateway's timeout is 29 s. */
const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 6_000;
/** Idle milliseconds after which a connection may be dead: Lambda freezes the process between requests. */
const MAX_IDLE_MS = 10_000;
const PROBE_QUERY: QueryConfig & { query_timeout: number } = { text: "SELECT 1", query_timeout: 1_000 };

/** PostgreSQL, by default with one connection, because a Lambda instance handles one request at a time. */
export class Database {
  private readonly pool: Pool;
  /** Last use of each connection. */
  private readonly used = new WeakMap<PoolClient, number>();

  constructor(private readonly options: DatabaseOptions) {
    const {
      host,
      port,
      name,
      user,
      password,
      tls = { rejectUnauthorized: true, servername: host },
    } = options;
    this.pool = new Pool({
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
      idleTimeoutMillis: 0,
    });
    // Connection errors without listener would end the process, whether in use or not.
    this.pool.on("connect", (connection) => connection.on("error", options.onLost));
    this.pool.on("error", () => undefined);
  }

  /**
   * Runs a read-only query, and once more if an old connection was dead. Rejects with `Unavailable` if the database
   * can't be reached or does not respond in time.
   */
  async read<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const connection = await this.connect();
    const mayBeDead = this.used.has(connection);
    try {
      return await this.query<Row>(connection, text, values);
    } catch (error) {
      if (!mayBeDead || !isLost(error)) throw explained(error);
    }
    const another = await this.connect();
    return this.query<Row>(another, text, values).catch((error: unknown) => {
      throw explained(error);
    });
  }

  /**
   * Runs a writing query once: if the connection is lost, the result is unknown. Rejects with `Unavailable` like `read`;
   * retry only if it is idempotent.
   */
  async write<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const connection = await this.connect();
    return this.query<Row>(connection, text, values).catch((error: unknown) => {
      throw explained(error);
    });
  }

  /**
   * Runs statements in one transaction: either all of them take effect or none. Returns the rows of the last one. Rejects
   * with `Unavailable` like `write`, and then the result is unknown if the connection was lost at the end.
   */
  async transaction<Row extends QueryResultRow>(statements: readonly Statement[]): Promise<Row[]> {
    const connection = await this.connect();
    let usable = false;
    try {
      await connection.query("BEGIN");
      let rows: Row[] = [];
      for (const { text, values } of statements) {
        ({ rows } = await tracedQuery(this.options, text, () => connection.query<Row>(text, [...values])));
      }
      await connection.query("COMMIT");
      usable = true;
      return rows;
    } catch (error) {
      throw explained(error);
    } finally {
      this.used.set(connection, Date.now());
      // PostgreSQL rolls back when a connection ends.
      connection.release(!usable);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async connect(): Promise<PoolClient> {
    try {
      const connection = await this.pool.connect();
      if (await this.isAlive(connection)) return connection;
      connection.release(true);
      return await this.pool.connect();
    } catch (error) {
      throw new Unavailable("the database can't be reached", { cause: error });
    }
  }

  private async isAlive(connection: PoolClient): Promise<boolean> {
    const used = this.used.get(connection);
    if (used === undefined || Date.now() - used < MAX_IDLE_MS) return true;
    return connection.query(PROBE_QUERY).then(
      () => true,
      () => false,
    );
  }

  private async query<Row extends QueryResultRow>(
    connection: PoolClient,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    let usable = false;
    try {
      const { rows } = await tracedQuery(this.options, text, () => connection.query<Row>(text, [...values]));
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
}

function explained(error: unknown): unknown {
  return isTransient(error) ? new Unavailable("the database does not answer", { cause: error }) : error;
}
