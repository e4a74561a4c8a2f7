import { mediaApp } from "./media/app";
import * as environment from "./runtime/environment";
import { httpHandler, type HttpProgram } from "./runtime/http";
import { createLog, LEVELS } from "./runtime/log";
import { Database } from "./services/database";
import { databaseToken } from "./services/database-token";
import { PostgresMediaRepository } from "./services/media-repository";
import { RedisCache } from "./services/redis-cache";

const variables = {
  /** Name of the environment, for the log. */
  ENVIRONMENT: environment.text,
  DATABASE_HOST: environment.text,
  DATABASE_PORT: environment.port,
  DATABASE_NAME: environment.text,
  /** Logs in with an IAM token. */
  DATABASE_USER: environment.text,
  CACHE_HOST: environment.text,
  CACHE_PORT: environment.port,
  LOG_LEVEL: environment.oneOf(...LEVELS),
  /** Read by Node itself at its start: certificate authorities beyond its own. */
  NODE_EXTRA_CA_CERTS: environment.text,
};

/** Environment variables of the media function. */
export type MediaEnvironment = environment.Texts<typeof variables>;

function start(): HttpProgram {
  const values = environment.readEnvironment({ ...variables, AWS_REGION: environment.text });
  const log = createLog({ service: "media", environment: values.ENVIRONMENT, level: values.LOG_LEVEL });
  const database = {
    host: values.DATABASE_HOST,
    port: values.DATABASE_PORT,
    name: values.DATABASE_NAME,
    user: values.DATABASE_USER,
  };
  const token = (): Promise<string> =>
    Promise.resolve(databaseToken({ ...database, region: values.AWS_REGION }, environment.credentials()));
  const repository = new PostgresMediaRepository(
    new Database({
      ...database,
      password: token,
      onLost: (error) => log.warn("database connection lost", { error }),
    }),
  );
  const cache = new RedisCache({
    host: values.CACHE_HOST,
    port: values.CACHE_PORT,
    onFailure: (error) => log.warn("cache given up for a while", { error }),
  });
  return { app: mediaApp({ repository, cache, log }), log };
}

/** Answers API Gateway. A wrong environment fails each request with an error that names all that is wrong. */
export const handler = httpHandler(start);
