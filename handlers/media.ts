import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context as LambdaContext } from "aws-lambda";
import type { Context } from "hono";
import { handle } from "hono/aws-lambda";
import { mediaApp } from "./media/app";
import { lambdaRuntime, readEnvironment } from "./runtime/environment";
import { createLogger } from "./runtime/log";
import { Database } from "./services/database";
import { databaseToken } from "./services/database-token";
import { PostgresMediaRepository } from "./services/media-repository";
import { RedisCache } from "./services/redis-cache";

/** Environment variables of the media function. */
export type MediaEnvironment = {
  readonly ENVIRONMENT: string;
  readonly DATABASE_HOST: string;
  readonly DATABASE_PORT: string;
  readonly DATABASE_NAME: string;
  /** Logs in with an IAM token. */
  readonly DATABASE_USER: string;
  readonly CACHE_HOST: string;
  readonly CACHE_PORT: string;
  readonly LOG_LEVEL: string;
  /** Read by Node itself: certificate authorities beyond its own. */
  readonly NODE_EXTRA_CA_CERTS: string;
};

type Answer = (event: APIGatewayProxyEvent, context: LambdaContext) => Promise<APIGatewayProxyResult>;

function start(): Answer {
  const environment = readEnvironment<MediaEnvironment>({
    ENVIRONMENT: true,
    DATABASE_HOST: true,
    DATABASE_PORT: true,
    DATABASE_NAME: true,
    DATABASE_USER: true,
    CACHE_HOST: true,
    CACHE_PORT: true,
    LOG_LEVEL: true,
    NODE_EXTRA_CA_CERTS: true,
  });
  const runtime = lambdaRuntime();
  const log = createLogger("media", environment.ENVIRONMENT, environment.LOG_LEVEL);
  const at = { host: environment.DATABASE_HOST, port: Number(environment.DATABASE_PORT) };
  const database = new Database({
    ...at,
    database: environment.DATABASE_NAME,
    user: environment.DATABASE_USER,
    password: () =>
      Promise.resolve(
        databaseToken(
          { ...at, user: environment.DATABASE_USER, region: runtime.region },
          runtime.credentials(),
        ),
      ),
    onLostConnection: (error) => log.warn("database connection lost", { error }),
  });
  const cache = new RedisCache({
    host: environment.CACHE_HOST,
    port: Number(environment.CACHE_PORT),
    onFailure: (error) => log.warn("cache given up for a while", { error }),
  });
  const app = mediaApp({
    repository: new PostgresMediaRepository(database),
    cache,
    log: {
      info: (message, fields) => log.info(message, { ...fields }),
      error: (message, fields) => log.error(message, { ...fields }),
    },
    requestId,
  });
  return handle(app) as Answer;
}

/** API Gateway's id of the request, which stands in its own log too. */
function requestId(context: Context): string {
  const { event } = context.env as { event: APIGatewayProxyEvent };
  return event.requestContext.requestId;
}

let answer: Answer | undefined;

/** Answers API Gateway. A wrong environment fails each request with an error that names what is missing. */
export const handler: Answer = (event, context) => (answer ??= start())(event, context);
