import type { ErrorHandler, MiddlewareHandler } from "hono";
import { Hono } from "hono/tiny";
import { type Cache, Cached } from "./cached";
import { Library } from "./library";
import { type MediaRepository, Unavailable } from "./media";
import type { MediaObjects, MediaRegistry, ProgressNotes, Tickets, Uploads } from "./ports";
import { Problem } from "./problem";
import { Removal } from "./removal";
import { type Env, routesOf } from "./routes";
import { Uploading } from "./uploading";

/** What is told of each request, besides the answer. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface MediaDependencies {
  readonly repository: MediaRepository;
  readonly registry: MediaRegistry;
  readonly uploads: Uploads;
  readonly objects: MediaObjects;
  readonly tickets: Tickets;
  readonly notes: ProgressNotes;
  readonly cache: Cache;
  readonly log: Log;
}

/**
 * The media API; `GET /openapi.json` describes it. Its paths begin at the root of the stage, which is called `api`: so
 * the public path is `/api/media`, the same at API Gateway and behind CloudFront, and nobody rewrites it.
 */
export function mediaApp(dependencies: MediaDependencies): Hono<Env> {
  const { log } = dependencies;
  const library = new Library(dependencies.repository, new Cached(dependencies.cache));
  const uploading = new Uploading({ ...dependencies, library });
  const removal = new Removal({ ...dependencies, library });

  const app = new Hono<Env>();
  app.use(told(log));
  for (const [path, methods] of Object.entries(routesOf({ ...dependencies, library, uploading, removal }))) {
    for (const [method, answer] of Object.entries(methods)) app.on(method, path, answer);
    app.all(path, ({ req }) => {
      throw notAllowed(req.method, Object.keys(methods));
    });
  }
  app.notFound(({ req, env }) => new Problem(404, `nothing is at ${req.path}`).toResponse(env.requestId));
  app.onError(failed(log));
  return app;
}

/** One line for each request, and its id in the answer. */
function told(log: Log): MiddlewareHandler<Env> {
  return async (context, next) => {
    const started = performance.now();
    await next();
    context.header("x-request-id", context.env.requestId);
    log.info("request", {
      method: context.req.method,
      path: context.req.path,
      status: context.res.status,
      milliseconds: Math.round(performance.now() - started),
    });
  };
}

/** A mistake of the caller is told to the caller; one of ours is told to the log, and the caller gets no detail. */
function failed(log: Log): ErrorHandler<Env> {
  return (error, { env: { requestId } }) => {
    if (error instanceof Problem) return error.toResponse(requestId);
    log.error("request failed", { error });
    const problem =
      error instanceof Unavailable
        ? new Problem(503, `${error.message}; try again`, { headers: { "retry-after": "2" } })
        : new Problem(500, "the request could not be answered; give the instance when you report it");
    return problem.toResponse(requestId);
  };
}

function notAllowed(method: string, allowed: readonly string[]): Problem {
  const allow = allowed.flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name])).join(", ");
  return new Problem(405, `${method} is not allowed here, ${allow} are`, { headers: { allow } });
}
