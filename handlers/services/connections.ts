import type { Credentials } from "../runtime/credentials";
import * as environment from "../runtime/environment";
import type { DatabaseOptions } from "./database";
import { cacheToken, databaseToken } from "./login-token";
import type { CacheOptions } from "./redis-cache";

/** Environment variables of what uses the database and the cache. */
export const CONNECTION_VARIABLES = {
  DATABASE_HOST: environment.text,
  DATABASE_PORT: environment.port,
  DATABASE_NAME: environment.text,
  /** Database user, who logs in with an IAM token. */
  DATABASE_USER: environment.text,
  CACHE_HOST: environment.text,
  CACHE_PORT: environment.port,
  /** Id of the cache's replication group. */
  CACHE_NAME: environment.text,
  /**
   * Cache user, who logs in with an IAM token.
   * @default no login
   */
  CACHE_USER: environment.optional<string | undefined>(environment.text, undefined),
  /** Additional certificate authorities, which Node.js reads at start. */
  NODE_EXTRA_CA_CERTS: environment.text,
};

type ConnectionValues = environment.Values<typeof CONNECTION_VARIABLES> & { readonly AWS_REGION: string };

export interface ConnectionContext {
  /** The present credentials, which sign the tokens. */
  readonly credentials: () => Credentials | Promise<Credentials>;
  readonly log: { readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void };
}

/** Connections to the database and the cache with IAM tokens. */
export function connectionOptions(
  values: ConnectionValues,
  { credentials, log }: ConnectionContext,
): { readonly database: DatabaseOptions; readonly cache: CacheOptions } {
  const { CACHE_NAME: name, CACHE_USER: cacheUser, AWS_REGION: region } = values;
  const login = {
    host: values.DATABASE_HOST,
    port: values.DATABASE_PORT,
    user: values.DATABASE_USER,
  };
  const cacheLogin = (user: string) => ({
    user,
    password: async () => cacheToken({ name, user, region }, await credentials()),
  });
  return {
    database: {
      ...login,
      name: values.DATABASE_NAME,
      password: async () => databaseToken({ ...login, region }, await credentials()),
      onLost: (error) => log.warn("database connection lost", { error }),
    },
    cache: {
      host: values.CACHE_HOST,
      port: values.CACHE_PORT,
      login: cacheUser === undefined ? undefined : cacheLogin(cacheUser),
      onFailure: (error) => log.warn("cache unavailable, requests are paused", { error }),
    },
  };
}
