import { Redis, type RedisOptions } from "ioredis";
import { within } from "./time-limit";

/** A user of the cache. */
export interface CacheLogin {
  readonly user: string;
  /** Called for each login: tokens expire after 15 minutes. */
  readonly password: () => Promise<string>;
}

export interface CacheConnectionOptions {
  readonly host: string;
  readonly port: number;
  /**
   * TLS options.
   * @default verifies the host name with Node.js's certificate authorities
   */
  readonly tls?: RedisOptions["tls"] | "none";
  /**
   * User of the cache.
   * @default no login
   */
  readonly login?: CacheLogin | undefined;
  /** Called when the login of an open connection can't be renewed. */
  readonly onFailure: (error: Error) => void;
}

/** Timeout of connecting including login, in milliseconds. A command may give up earlier. */
const OPEN_TIMEOUT_MS = 1_000;
const DISCONNECT_TIMEOUT_MS = 100;
/** ElastiCache ends a connection 12 hours after its last login with IAM. */
const LOGIN_RENEWAL_MS = 6 * 3_600_000;

interface Session {
  readonly redis: Redis;
  /** Resolves after the login. */
  readonly opened: Promise<Redis>;
  isOpen: boolean;
  isDropped: boolean;
  renewal?: NodeJS.Timeout;
}

/** One connection to Redis or Valkey, opened when it is needed, with a new token for each login. */
export class CacheConnection {
  private session: Session | undefined;
  private closed = false;

  constructor(private readonly options: CacheConnectionOptions) {}

  /** The connection after its login. Rejects with the reason if it can't be opened; the next call tries again. */
  get(): Promise<Redis> {
    if (this.closed) return Promise.reject(new Error("the cache's connection was closed"));
    return (this.session ??= this.open()).opened;
  }

  /** Replaces an open connection, which may be dead. One that is just being opened has its own timeout. */
  replace(): void {
    if (this.session?.isOpen !== true) return;
    this.drop(this.session);
    this.get().catch(() => undefined);
  }

  close(): void {
    this.closed = true;
    if (this.session !== undefined) this.drop(this.session);
  }

  private open(): Session {
    const { host, port, tls = { servername: host } } = this.options;
    const encryption = tls === "none" ? {} : { tls };
    const redis = new Redis({
      host,
      port,
      ...encryption,
      lazyConnect: true,
      connectTimeout: OPEN_TIMEOUT_MS,
      disconnectTimeout: DISCONNECT_TIMEOUT_MS,
      disableClientInfo: true,
      enableReadyCheck: false,
      // A new connection needs a new token: `get` opens it.
      retryStrategy: () => null,
    });
    let reason: Error | undefined;
    redis.on("error", (error: Error) => (reason = error));
    const opened = within(
      OPEN_TIMEOUT_MS,
      this.connect(() => session),
    ).then(
      () => this.started(session),
      (error: unknown) => {
        this.drop(session);
        throw reason ?? error;
      },
    );
    const session: Session = { redis, opened, isOpen: false, isDropped: false };
    redis.once("end", () => this.drop(session));
    return session;
  }

  private async connect(opening: () => Session): Promise<void> {
    const { login } = this.options;
    const password = await login?.password();
    const { redis, isDropped } = opening();
    // ioredis would connect although it was told to disconnect before.
    if (isDropped) throw new Error("the login came after the connection was given up");
    await redis.connect();
    if (login !== undefined && password !== undefined) await redis.auth(login.user, password);
  }

  private started(session: Session): Redis {
    session.isOpen = true;
    if (this.options.login !== undefined) {
      session.renewal = setInterval(() => void this.renew(session), LOGIN_RENEWAL_MS).unref();
    }
    return session.redis;
  }

  /** Logs in again. The connection stays usable; it is dropped only if the login fails. */
  private async renew(session: Session): Promise<void> {
    const { login, onFailure } = this.options;
    if (login === undefined) return;
    const renewed = login.password().then((password) => session.redis.auth(login.user, password));
    try {
      await within(OPEN_TIMEOUT_MS, renewed);
    } catch (error) {
      this.drop(session);
      onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private drop(session: Session): void {
    session.isOpen = false;
    session.isDropped = true;
    clearInterval(session.renewal);
    session.redis.disconnect();
    if (this.session === session) this.session = undefined;
  }
}
