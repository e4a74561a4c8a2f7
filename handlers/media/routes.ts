import type { Context } from "hono";
import type { Cache } from "./cached";
import { unknown } from "./creators";
import { checkHealth } from "./health";
import type { Library } from "./library";
import type { MediaDetail, MediaRepository } from "./media";
import openapi from "./openapi.json";
import { answered, ticketFor } from "./playback";
import type { ProgressNotes, Tickets } from "./ports";
import { Problem } from "./problem";
import type { Removal } from "./removal";
import { readBody, readId, readListQuery } from "./requests";
import { completion, newMedia, wantedParts } from "./schemas";
import type { Asker, Uploading } from "./uploading";

/** Given with each request. */
export interface Bindings {
  /** A UUID, the same in the answer and in the log. */
  readonly requestId: string;
  /** Cognito sub of who asks, where the route wants a token. */
  readonly caller?: string;
  /** X-Ray's header of the request. */
  readonly trace?: string;
}

export type Env = { Bindings: Bindings };
export type Answer = (context: Context<Env>) => Promise<Response>;

export interface RouteDependencies {
  readonly repository: MediaRepository;
  readonly cache: Cache;
  readonly library: Library;
  readonly uploading: Uploading;
  readonly removal: Removal;
  readonly notes: ProgressNotes;
  readonly tickets: Tickets;
}

/** CloudFront may answer many viewers at once; a browser asks each time, for the media may have come further. */
const SHARED = { "cache-control": "public, max-age=0, s-maxage=5" };
const DESCRIPTION = { "cache-control": "public, max-age=300" };
const PRIVATE = { "cache-control": "no-store" };

/** What each path answers, by method. */
export function routesOf(dependencies: RouteDependencies): Record<string, Record<string, Answer>> {
  const { repository, cache, library, uploading, removal, notes, tickets } = dependencies;
  const found = async (id: string): Promise<MediaDetail> => {
    const media = await library.find(id);
    if (media === undefined) throw unknown(id);
    return media;
  };
  const now = async (context: Context<Env>, id: string): Promise<Response> =>
    context.json(await answered(await found(id), notes), 200, PRIVATE);

  return {
    "/media": {
      GET: async (context) =>
        context.json(await library.list(readListQuery(context.req.queries())), 200, SHARED),
      POST: async (context) => {
        const asker = askerOf(context);
        const begun = await uploading.begin(await readBody(context.req.raw, newMedia), asker);
        return context.json(begun, 201, { ...PRIVATE, location: `/api/media/${begun.media.id}` });
      },
    },
    "/media/:id": {
      GET: async (context) => context.json(await answered(await found(idOf(context)), notes), 200, SHARED),
      DELETE: async (context) => {
        const { caller } = askerOf(context);
        await removal.remove(idOf(context), caller);
        return context.body(null, 204, PRIVATE);
      },
    },
    "/media/:id/upload/parts": {
      POST: async (context) => {
        const [asker, id] = [askerOf(context), idOf(context)];
        const { partNumbers } = await readBody(context.req.raw, wantedParts);
        return context.json(await uploading.urls(id, partNumbers, asker), 200, PRIVATE);
      },
    },
    "/media/:id/upload/complete": {
      POST: async (context) => {
        const [asker, id] = [askerOf(context), idOf(context)];
        const { parts } = await readBody(context.req.raw, completion);
        await uploading.complete(id, parts, asker);
        return now(context, id);
      },
    },
    "/media/:id/upload/abort": {
      POST: async (context) => {
        const id = idOf(context);
        await uploading.abort(id, askerOf(context));
        return now(context, id);
      },
    },
    "/media/:id/playback": {
      GET: async (context) => {
        const { playback, cookies } = await ticketFor(await found(idOf(context)), tickets);
        for (const cookie of cookies) context.header("set-cookie", cookie, { append: true });
        return context.json(playback, 200, PRIVATE);
      },
    },
    "/health": {
      GET: async (context) => {
        const health = await checkHealth(repository, cache);
        if (health.database === "up") return context.json(health, 200, PRIVATE);
        throw new Problem(503, "the database does not answer", { members: health });
      },
    },
    "/openapi.json": {
      GET: (context) => Promise.resolve(context.json(openapi, 200, DESCRIPTION)),
    },
  };
}

function idOf(context: Context<Env>): string {
  return readId(context.req.param("id") ?? "");
}

/** API Gateway lets nobody through without a token; this is for the day on which a route forgets to want one. */
function askerOf({ env: { caller, trace } }: Context<Env>): Asker {
  if (!caller) throw new Problem(401, "a token of a creator is needed");
  return { caller, ...(trace === undefined ? {} : { trace }) };
}
