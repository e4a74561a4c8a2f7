import { type Context, Hono } from "hono";
import { Library } from "./library";
import type { Cache, MediaRepository } from "./media";
import { notFound, Problem } from "./problem";
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
  /** Id of the request at hand, the same in the answer and in the log. */
  readonly requestId: (context: Context) => string;
}

const ALLOWED = "GET, HEAD";

/** The media API. It stands at the root of its stage: API Gateway and CloudFront both call that `/api`. */
export function mediaApp({ repository, cache, log, requestId }: MediaDependencies): Hono {
  const library = new Library(repository, cache);
  const app = new Hono();

  app.use(async (context, next) => {
    const started = performance.now();
    await next();
    context.header("x-request-id", requestId(context));
    log.info("request", {
      requestId: requestId(context),
      method: context.req.method,
      path: context.req.path,
      status: context.res.status,
      milliseconds: Math.round(performance.now() - started),
    });
  });

  app.get("/media", async (context) => {
    const page = await library.list(readListQuery(context.req.queries()));
    return context.json(page, 200, { "cache-control": "private, max-age=5" });
  });

  app.get("/media/:id", async (context) => {
    const id = readId(context.req.param("id"));
    const media = await library.find(id);
    if (media === undefined) throw notFound(`no media has the id ${id}`);
    return context.json(media, 200, { "cache-control": "private, max-age=5" });
  });

  app.get("/health", async (context) => {
    const [database, cached] = await Promise.all([
      repository.check().then(
        () => true,
        () => false,
      ),
      cache.check(),
    ]);
    const body = { database: database ? "up" : "down", cache: cached ? "up" : "down" };
    return context.json(body, database ? 200 : 503, { "cache-control": "no-store" });
  });

  for (const path of ["/media", "/media/:id", "/health"]) {
    app.all(path, (context) => {
      const detail = `${context.req.method} is not allowed here, ${ALLOWED} are`;
      throw new Problem(405, "Method not allowed", detail, [], { allow: ALLOWED });
    });
  }

  app.notFound((context) => notFound(`nothing is at ${context.req.path}`).toResponse(requestId(context)));

  app.onError((error, context) => {
    if (error instanceof Problem) return error.toResponse(requestId(context));
    log.error("request failed", { requestId: requestId(context), error });
    const detail = "the request could not be answered; try again, and name the instance if it stays so";
    return new Problem(500, "Internal error", detail).toResponse(requestId(context));
  });

  return app;
}
