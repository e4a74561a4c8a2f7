import type { HttpAnswer, HttpApp, HttpRequest } from "../runtime/http";
import { type Cache, Cached } from "./cached";
import { Library } from "./library";
import { type MediaRepository, Unavailable } from "./media";
import type {
  MediaObjects,
  MediaRegistry,
  ProcessingQueue,
  ProgressNotes,
  Tickets,
  Uploads,
  Usage,
} from "./ports";
import { Problem } from "./problem";
import { Removal } from "./removal";
import { Retrying } from "./retrying";
import { router } from "./router";
import { routesOf } from "./routes";
import { Sharing } from "./sharing";
import { Thumbnails } from "./thumbnails";
import { Uploading } from "./uploading";

/** Log of requests. */
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
  readonly queue: ProcessingQueue;
  /** Largest source in bytes that processors have room for. */
  readonly maxSourceBytes?: number;
  /** What a creator may upload within 24 hours. */
  readonly quotas: Usage;
  readonly cache: Cache;
  readonly log: Log;
  /** Public URL of the product, without final slash. */
  readonly publicUrl: string;
}

/**
 * The media API; `GET /openapi.json` describes it. Its paths start at the root of the stage, which is called `api`, so
 * the public path is `/api/media` at API Gateway and behind CloudFront, without rewrites.
 */
export function mediaApp(dependencies: MediaDependencies): HttpApp {
  const { log } = dependencies;
  const thumbnails = new Thumbnails(dependencies.tickets);
  const library = new Library({
    repository: dependencies.repository,
    cached: new Cached(dependencies.cache),
    thumbnails,
  });
  const uploading = new Uploading({ ...dependencies, library });
  const removal = new Removal({ ...dependencies, library });
  const sharing = new Sharing({ ...dependencies, library });
  const retrying = new Retrying({ ...dependencies, library });
  const routed = router(
    routesOf({ ...dependencies, library, uploading, removal, sharing, retrying, thumbnails }),
  );
  return {
    async answer(request) {
      const started = performance.now();
      const answer = await routed(request).catch((error: unknown) => failed(error, request, log));
      const { method, path, requestId } = request;
      const milliseconds = Math.round(performance.now() - started);
      log.info("request", { method, path, status: answer.status, milliseconds });
      return { ...answer, headers: { ...answer.headers, "x-request-id": requestId } };
    },
  };
}

/**
 * The response of a failed request. Client errors are explained to the caller; server errors are logged and not
 * detailed to the caller.
 */
function failed(error: unknown, { method, requestId }: HttpRequest, log: Log): HttpAnswer {
  const answer = problemOf(error, log).toAnswer(requestId);
  return method === "HEAD" ? { ...answer, body: "" } : answer;
}

function problemOf(error: unknown, log: Log): Problem {
  if (error instanceof Problem) return error;
  log.error("request failed", { error });
  return error instanceof Unavailable
    ? new Problem(503, `${error.message}; try again`, { headers: { "retry-after": "2" } })
    : new Problem(500, "internal error; quote `instance` when you report it");
}
