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
import type { RouteName } from "./operations";
import type { Route } from "./router";
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

type Routes = Readonly<Record<RouteName, Route>>;

/** Handlers by operation. */
export function routesOf(dependencies: RouteDependencies): Routes {
  return {
    ...mediaRoutes(dependencies),
    ...uploadRoutes(dependencies),
    ...playbackRoutes(dependencies),
    ...serviceRoutes(dependencies),
  };
}

function mediaRoutes({ library, uploading, removal, notes }: RouteDependencies) {
  return {
    "GET /media": async ({ query }) => json(await library.list(readListQuery(query)), 200, SHARED_CACHE),
    "POST /media": async (request) => {
      const asker = askerOf(request);
      const begun = await uploading.begin(readBody(request, newMedia), asker);
      return json(begun, 201, { ...PRIVATE_CACHE, location: `/api/media/${begun.media.id}` });
    },
    "GET /media/{id}": async (_, id) =>
      json(await answered(await findMedia(library, id), notes), 200, SHARED_CACHE),
    "DELETE /media/{id}": async (request, id) => {
      const { caller } = askerOf(request);
      await removal.remove({ id: readId(id), caller });
      return { status: 204, headers: PRIVATE_CACHE, body: "" };
    },
  } satisfies Partial<Routes>;
}

function uploadRoutes({ library, uploading, notes }: RouteDependencies) {
  const currentMedia = async (id: string): Promise<HttpAnswer> =>
    json(await answered(await findMedia(library, id), notes), 200, PRIVATE_CACHE);
  return {
    "POST /media/{id}/upload/parts": async (request, text) => {
      const [asker, id] = [askerOf(request), readId(text)];
      const { partNumbers } = readBody(request, wantedParts);
      return json(await uploading.urls(id, partNumbers, asker), 200, PRIVATE_CACHE);
    },
    "POST /media/{id}/upload/complete": async (request, text) => {
      const [asker, id] = [askerOf(request), readId(text)];
      const { parts } = readBody(request, completion);
      await uploading.complete(id, parts, asker);
      return currentMedia(id);
    },
    "POST /media/{id}/upload/abort": async (request, text) => {
      const id = readId(text);
      await uploading.abort(id, askerOf(request));
      return currentMedia(id);
    },
  } satisfies Partial<Routes>;
}

function playbackRoutes({ library, tickets }: RouteDependencies) {
  return {
    "GET /media/{id}/playback": async (_, text) => {
      const id = readId(text);
      // Cookies last for hours, so the status is read uncached.
      const media = existing(await library.current(id), id);
      const { playback, cookies } = await ticketFor(media, tickets);
      return json(playback, 200, { ...PRIVATE_CACHE, "set-cookie": cookies });
    },
  } satisfies Partial<Routes>;
}

function serviceRoutes({ repository, cache }: RouteDependencies) {
  const description = json(openapi, 200, OPENAPI_CACHE);
  return {
    "GET /health": async () => {
      const health = await checkHealth(repository, cache);
      if (health.database === "up") return json(health, 200, PRIVATE_CACHE);
      throw new Problem(503, "the database does not answer", { members: health });
    },
    "GET /openapi.json": () => Promise.resolve(description),
  } satisfies Partial<Routes>;
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
  if (!caller) throw new Problem(401, "a creator's token is required", { code: "signed-out" });
  return { caller, trace };
}
