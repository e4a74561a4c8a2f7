import { existsSync } from "node:fs";
import { type PostgresOptions, type PostgresServer, startPostgres } from "./postgres";

/**
 * A PostgreSQL server for each database instance, like in RDS, by its resource id, which a new name does not change. The
 * first one starts before its instance exists.
 */
export class PostgresServers {
  private readonly servers = new Map<string, Promise<PostgresServer>>();
  private unused: PostgresServer | undefined;

  private constructor(
    /** The server that started first. */
    readonly first: PostgresServer,
    private readonly options: PostgresOptions,
  ) {
    this.unused = first;
  }

  /** Starts the first server in the folder. Throws like `startPostgres`. */
  static async start(options: PostgresOptions): Promise<PostgresServers> {
    return new PostgresServers(await startPostgres(options), options);
  }

  /** The server of an instance; the second and later ones have folders of their own beside that of the first. */
  of(resourceId: string): Promise<PostgresServer> {
    const known = this.servers.get(resourceId) ?? this.next(resourceId);
    this.servers.set(resourceId, known);
    known.catch(() => this.servers.delete(resourceId));
    return known;
  }

  async stop(): Promise<void> {
    const others = await Promise.allSettled(this.servers.values());
    const started = others.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    await Promise.all([...new Set([this.first, ...started])].map((server) => server.stop()));
  }

  private next(resourceId: string): Promise<PostgresServer> {
    const folder = `${this.options.folder}-${resourceId}`;
    const first = existsSync(folder) ? undefined : this.unused;
    if (first === undefined) return startPostgres({ ...this.options, folder });
    this.unused = undefined;
    return Promise.resolve(first);
  }
}
