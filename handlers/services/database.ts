import { Pool, type PoolClient, type PoolConfig, type QueryConfig, type QueryResultRow } from "pg";
import { Unavailable } from "../media/media";
import { tracedQuery } from "../runtime/trace";
import { isLost, isRefused, isTransient } from "./database-errors";

export interface DatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  /** What pg_stat_activity shows of its connections; the user by default. */
  readonly applicationName?: string;
  /** Asked anew for each connection: a token is old after 15 minutes, a connection is not. */
  readonly password: () => Promise<string>;
  /** How the certificate is verified: its name must be the host's, its authority by default one that Node knows. */
  readonly tls?: PoolConfig["ssl"];
  /** Connections at a time; one by default. */
  readonly connections?: number;
  /** Told when a connection ends that nobody asked to end. */
  readonly onLost: (error: Error) => void;
}

/** Milliseconds. A read takes 19 seconds at the very most, retry included; API Gateway gives up after 29. */
const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 6_000;
/** A connection that was idle so long may have died without a word: Lambda freezes the process between requests. */
const MAX_IDLE_MS = 10_000;
const PROBE_QUERY: QueryConfig & { query_timeout: number } = { text: "SELECT 1", query_timeout: 1_000 };

/** PostgreSQL through one connection at a time by default, for a Lambda instance answers one request at a time. */
export class Database {
  private readonly pool: Pool;
  /** When a connection that is not new was used last. */
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
    // An error of a connection that has no listener would end the process, whether it is in use or not.
    this.pool.on("connect", (connection) => connection.on("error", options.onLost));
    this.pool.on("error", () => undefined);
  }

  /**
   * Runs a query that changes nothing, once more when a connection of old turns out to be dead.
   * Rejects with `Unavailable` when the database can't be reached, or does not answer in time.
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
   * Runs a query that changes something, once: when its connection is lost nobody knows whether it did.
   * Rejects with `Unavailable` as `read` does; then it may be run again if doing it twice is the same.
   */
  async write<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const connection = await this.connect();
    return this.query<Row>(connection, text, values).catch((error: unknown) => {
      throw explained(error);
    });
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
