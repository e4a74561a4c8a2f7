import type { Context, ErrorHandler, MiddlewareHandler } from "hono";
import { Hono } from "hono/tiny";
import { type Cache, Cached } from "./cached";
import { checkHealth } from "./health";
import { Library } from "./library";
import { type MediaRepository, Unavailable } from "./media";
import { Problem } from "./problem";
import { readId, readListQuery } from "./requests";

/** What is told of each request, besides the answer. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface MediaDependencies {
  readonly repository: MediaRepository;
  readonly cache: Cache;
  readonly log: Log;
}

/** Given with each request. */
export interface Bindings {
  /** A UUID, the same in the answer and in the log. */
  readonly requestId: string;
}

type Env = { Bindings: Bindings };
type Answer = (context: Context<Env>) => Promise<Response>;

/** CloudFront may answer many viewers at once; a browser asks each time, for the media may have come further. */
const SHARED = { "cache-control": "public, max-age=0, s-maxage=5" };

/**
 * The media API: `GET /media`, `GET /media/{id}`, `GET /health`. Its paths begin at the root of the stage, which is
 * called `api`: so the public path is `/api/media`, the same at API Gateway and behind CloudFront, and nobody
 * rewrites it.
 */
export function mediaApp({ repository, cache, log }: MediaDependencies): Hono<Env> {
  const library = new Library(repository, new Cached(cache));
  const routes: Record<string, Record<string, Answer>> = {
    "/media": {
      GET: async (context) => {
        const page = await library.list(readListQuery(context.req.queries()));
        return context.json(page, 200, SHARED);
      },
    },
    "/media/:id": {
      GET: async (context) => {
        const id = readId(context.req.param("id") ?? "");
        const media = await library.find(id);
        if (media === undefined) throw new Problem(404, `no media has the id ${id}`);
        return context.json(media, 200, SHARED);
      },
    },
    "/health": {
      GET: async (context) => {
        const health = await checkHealth(repository, cache);
        if (health.database === "up") return context.json(health, 200, { "cache-control": "no-store" });
        throw new Problem(503, "the database does not answer", { members: health });
      },
    },
  };

  const app = new Hono<Env>();
  app.use(told(log));
  for (const [path, methods] of Object.entries(routes)) {
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
        ? new Problem(503, "the database does not answer; try again", { headers: { "retry-after": "2" } })
        : new Problem(500, "the request could not be answered; give the instance when you report it");
    return problem.toResponse(requestId);
  };
}

function notAllowed(method: string, allowed: readonly string[]): Problem {
  const allow = allowed.flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name])).join(", ");
  return new Problem(405, `${method} is not allowed here, ${allow} are`, { headers: { allow } });
}
