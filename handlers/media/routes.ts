import type { HttpAnswer, HttpRequest } from "../runtime/http";
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
import type { Routes } from "./router";
import { readBody, readId, readListQuery } from "./requests";
import { completion, newMedia, wantedParts } from "./schemas";
import type { Asker, Uploading } from "./uploading";

export interface RouteDependencies {
  readonly repository: MediaRepository;
  readonly cache: Cache;
  readonly library: Library;
  readonly uploading: Uploading;
  readonly removal: Removal;
  readonly notes: ProgressNotes;
  readonly tickets: Tickets;
}

/** CloudFront may cache for many viewers; browsers revalidate each time, because the status may have changed. */
const SHARED_CACHE = { "cache-control": "public, max-age=0, s-maxage=5" };
const OPENAPI_CACHE = { "cache-control": "public, max-age=300" };
const PRIVATE_CACHE = { "cache-control": "no-store" };

/** Handlers by path and method. */
export function routesOf(dependencies: RouteDependencies): Routes {
  return {
    ...mediaRoutes(dependencies),
    ...uploadRoutes(dependencies),
    ...playbackRoutes(dependencies),
    ...serviceRoutes(dependencies),
  };
}

function mediaRoutes({ library, uploading, removal, notes }: RouteDependencies): Routes {
  return {
    "/media": {
      GET: async ({ query }) => json(await library.list(readListQuery(query)), 200, SHARED_CACHE),
      POST: async (request) => {
        const asker = askerOf(request);
        const begun = await uploading.begin(readBody(request, newMedia), asker);
        return json(begun, 201, { ...PRIVATE_CACHE, location: `/api/media/${begun.media.id}` });
      },
    },
    "/media/:id": {
      GET: async (_, id) => json(await answered(await findMedia(library, id), notes), 200, SHARED_CACHE),
      DELETE: async (request, id) => {
        const { caller } = askerOf(request);
        await removal.remove({ id: readId(id), caller });
        return { status: 204, headers: PRIVATE_CACHE, body: "" };
      },
    },
  };
}

function uploadRoutes({ library, uploading, notes }: RouteDependencies): Routes {
  const currentMedia = async (id: string): Promise<HttpAnswer> =>
    json(await answered(await findMedia(library, id), notes), 200, PRIVATE_CACHE);
  return {
    "/media/:id/upload/parts": {
      POST: async (request, text) => {
        const [asker, id] = [askerOf(request), readId(text)];
        const { partNumbers } = readBody(request, wantedParts);
        return json(await uploading.urls(id, partNumbers, asker), 200, PRIVATE_CACHE);
      },
    },
    "/media/:id/upload/complete": {
      POST: async (request, text) => {
        const [asker, id] = [askerOf(request), readId(text)];
        const { parts } = readBody(request, completion);
        await uploading.complete(id, parts, asker);
        return currentMedia(id);
      },
    },
    "/media/:id/upload/abort": {
      POST: async (request, text) => {
        const id = readId(text);
        await uploading.abort(id, askerOf(request));
        return currentMedia(id);
      },
    },
  };
}

function playbackRoutes({ library, tickets }: RouteDependencies): Routes {
  return {
    "/media/:id/playback": {
      GET: async (_, text) => {
        const id = readId(text);
        // Cookies last for hours, so the status is read uncached.
        const media = existing(await library.current(id), id);
        const { playback, cookies } = await ticketFor(media, tickets);
        return json(playback, 200, { ...PRIVATE_CACHE, "set-cookie": cookies });
      },
    },
  };
}

function serviceRoutes({ repository, cache }: RouteDependencies): Routes {
  const description = json(openapi, 200, OPENAPI_CACHE);
  return {
    "/health": {
      GET: async () => {
        const health = await checkHealth(repository, cache);
        if (health.database === "up") return json(health, 200, PRIVATE_CACHE);
        throw new Problem(503, "the database does not answer", { members: health });
      },
    },
    "/openapi.json": {
      GET: () => Promise.resolve(description),
    },
  };
}

/** Reads a media; throws a `Problem` 404 if it does not exist. */
async function findMedia(library: Library, text: string): Promise<MediaDetail> {
  const id = readId(text);
  return existing(await library.find(id), id);
}

function existing(media: MediaDetail | undefined, id: string): MediaDetail {
  if (media === undefined) throw unknown(id);
  return media;
}

/** Serialized responses: a cached page is the same object while the cache entry is unchanged. */
const texts = new WeakMap<object, string>();

/** A JSON response; the value must not change afterwards. */
function json(value: object, status: number, headers: HttpAnswer["headers"]): HttpAnswer {
  const body = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, body);
  return { status, headers: { ...headers, "content-type": "application/json" }, body };
}

/**
 * The caller and trace. API Gateway rejects requests without token; this check covers routes that are missing the
 * authorizer.
 */
function askerOf({ caller, trace }: HttpRequest): Asker {
  if (!caller) throw new Problem(401, "a creator's token is required");
  return { caller, trace };
}
