import type { HttpAnswer, HttpRequest } from "../runtime/http";
import type { Cache } from "./cached";
import { unknown } from "./creators";
import { checkHealth } from "./health";
import type { Library } from "./library";
import { etagOf, isCurrent } from "./etag";
import { LINK_PAGE_POLICY, linkPage } from "./link-page";
import type { MediaDetail, MediaRepository } from "./media";
import { linkOf, oembedOf } from "./oembed";
import openapi from "./openapi.json";
import { answered, answeredToOwner, ownItem, ticketFor } from "./playback";
import type { ProgressNotes, Tickets } from "./ports";
import { Problem } from "./problem";
import type { Removal } from "./removal";
import type { Retrying } from "./retrying";
import type { RouteName } from "./operations";
import type { Route } from "./router";
import { readBody, readId, readListQuery, readOEmbedQuery, readOwnListQuery, readShare } from "./requests";
import { changedMedia, completion, newMedia, wantedParts } from "./schemas";
import { type Link, sharedVideo } from "./shared-video";
import { isVisible, type Sharing } from "./sharing";
import type { Thumbnails } from "./thumbnails";
import type { Asker, Uploading } from "./uploading";

export interface RouteDependencies {
  readonly repository: MediaRepository;
  readonly cache: Cache;
  readonly library: Library;
  readonly uploading: Uploading;
  readonly removal: Removal;
  readonly sharing: Sharing;
  readonly retrying: Retrying;
  readonly notes: ProgressNotes;
  readonly tickets: Tickets;
  readonly thumbnails: Pick<Thumbnails, "of">;
  /** Public URL of the product, without final slash. */
  readonly publicUrl: string;
}

/** Caches ask each time, because the status may have changed. With an ETag they get no body where it has not. */
const REVALIDATED = { "cache-control": "no-cache" };
const OPENAPI_CACHE = { "cache-control": "public, max-age=300" };
const PRIVATE_CACHE = { "cache-control": "no-store" };

type Routes = Readonly<Record<RouteName, Route>>;

/** Handlers by operation. */
export function routesOf(dependencies: RouteDependencies): Routes {
  return {
    ...viewerRoutes(dependencies),
    ...linkRoutes(dependencies),
    ...ownRoutes(dependencies),
    ...changeRoutes(dependencies),
    ...uploadRoutes(dependencies),
    ...serviceRoutes(dependencies),
  };
}

/** What everybody may read: public media, and unlisted ones with the token of their link. */
function viewerRoutes({ library, notes, tickets }: RouteDependencies) {
  return {
    "GET /media": async (request) =>
      revalidated(request, await library.list(readListQuery(request.query)), REVALIDATED),
    "GET /media/{id}": async (request, text) => {
      const [id, share] = [readId(text), readShare(request.query)];
      const answer = await answered(visible(await library.find(id), { id, share }), notes);
      return share === undefined
        ? revalidated(request, answer, REVALIDATED)
        : json(answer, 200, PRIVATE_CACHE);
    },
    "GET /media/{id}/playback": async ({ query }, text) => {
      const [id, share] = [readId(text), readShare(query)];
      // Cookies last for hours, so the status is read uncached.
      return playable(visible(await library.current(id), { id, share }), tickets);
    },
  } satisfies Partial<Routes>;
}

/** What services that show links read. */
function linkRoutes({ library, thumbnails, publicUrl }: RouteDependencies) {
  const videoOf = async (link: Link) => sharedVideo(await library.find(link.id), link, thumbnails);
  const cacheOf = ({ share }: Link) => (share === undefined ? REVALIDATED : PRIVATE_CACHE);
  return {
    "GET /v/{id}": async ({ query }, text) => {
      const link = { id: readId(text), share: readShare(query) };
      return {
        status: 200,
        headers: {
          ...cacheOf(link),
          "content-type": "text/html; charset=utf-8",
          "content-security-policy": LINK_PAGE_POLICY,
        },
        body: linkPage(link, await videoOf(link), publicUrl),
      };
    },
    "GET /oembed": async ({ query }) => {
      const { url, ...largest } = readOEmbedQuery(query);
      const link = linkOf(url, publicUrl);
      const video = link && (await videoOf(link));
      if (link === undefined || video === undefined) {
        throw new Problem(404, "no media can be seen at this URL", { code: "not-found" });
      }
      return json(oembedOf(link, video, { publicUrl, largest }), 200, cacheOf(link));
    },
  } satisfies Partial<Routes>;
}

/** What creators read of their own media, uncached. */
function ownRoutes({ library, uploading, notes, tickets }: RouteDependencies) {
  return {
    "GET /me/media": async (request) => {
      const { caller: owner } = askerOf(request);
      const { items, ...next } = await library.listOwn({ ...readOwnListQuery(request.query), owner });
      return json({ items: items.map(ownItem), ...next }, 200, PRIVATE_CACHE);
    },
    "GET /me/media/{id}": async (request, text) => {
      const [asker, id] = [askerOf(request), readId(text)];
      return json(await answeredToOwner(await ownMedia(library, id, asker), notes), 200, PRIVATE_CACHE);
    },
    "GET /me/media/{id}/playback": async (request, text) => {
      const [asker, id] = [askerOf(request), readId(text)];
      return playable(await ownMedia(library, id, asker), tickets);
    },
    "GET /me/media/{id}/upload": async (request, text) => {
      const [asker, id] = [askerOf(request), readId(text)];
      return json(await uploading.state(id, asker), 200, PRIVATE_CACHE);
    },
  } satisfies Partial<Routes>;
}

function changeRoutes({ library, uploading, removal, sharing, notes }: RouteDependencies) {
  return {
    "POST /media": async (request) => {
      const asker = askerOf(request);
      const begun = await uploading.begin(readBody(request, newMedia), asker);
      return json(begun, 201, { ...PRIVATE_CACHE, location: `/api/me/media/${begun.media.id}` });
    },
    "PATCH /media/{id}": async (request, text) => {
      const [asker, id] = [askerOf(request), readId(text)];
      await sharing.change({ id, caller: asker.caller }, readBody(request, changedMedia));
      return json(await answeredToOwner(await ownMedia(library, id, asker), notes), 200, PRIVATE_CACHE);
    },
    "POST /media/{id}/share": async (request, text) => {
      const [asker, id] = [askerOf(request), readId(text)];
      await sharing.renew({ id, caller: asker.caller });
      return json(await answeredToOwner(await ownMedia(library, id, asker), notes), 200, PRIVATE_CACHE);
    },
    "DELETE /media/{id}": async (request, id) => {
      const { caller } = askerOf(request);
      await removal.remove({ id: readId(id), caller });
      return { status: 204, headers: PRIVATE_CACHE, body: "" };
    },
  } satisfies Partial<Routes>;
}

function uploadRoutes({ library, uploading, retrying, notes }: RouteDependencies) {
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
      return json(await answeredToOwner(await ownMedia(library, id, asker), notes), 200, PRIVATE_CACHE);
    },
    "POST /media/{id}/retry": async (request, text) => {
      const [asker, id] = [askerOf(request), readId(text)];
      await retrying.retry({ id, caller: asker.caller }, asker.trace);
      return json(await answeredToOwner(await ownMedia(library, id, asker), notes), 200, PRIVATE_CACHE);
    },
    "POST /media/{id}/upload/abort": async (request, text) => {
      const [asker, id] = [askerOf(request), readId(text)];
      await uploading.abort(id, asker);
      return json(await answeredToOwner(await ownMedia(library, id, asker), notes), 200, PRIVATE_CACHE);
    },
  } satisfies Partial<Routes>;
}

function serviceRoutes({ repository, cache }: RouteDependencies) {
  return {
    "GET /health": async () => {
      const health = await checkHealth(repository, cache);
      if (health.database === "up") return json(health, 200, PRIVATE_CACHE);
      throw new Problem(503, "the database does not answer", { members: health });
    },
    "GET /openapi.json": (request) => Promise.resolve(revalidated(request, openapi, OPENAPI_CACHE)),
  } satisfies Partial<Routes>;
}

/** The media if the caller may see it; throws a `Problem` 404 otherwise, as if it did not exist. */
function visible(
  media: MediaDetail | undefined,
  { id, share }: { readonly id: string; readonly share: string | undefined },
): MediaDetail {
  if (media === undefined || !isVisible(media, share)) throw unknown(id);
  return media;
}

/** A media of the caller, uncached; throws a `Problem` 404 for all others. */
async function ownMedia(library: Library, id: string, { caller }: Asker): Promise<MediaDetail> {
  const media = await library.current(id);
  if (media === undefined || media.owner !== caller) throw unknown(id);
  return media;
}

/** The answer with the cookies that play a media; throws a `Problem` if it is not ready. */
async function playable(media: MediaDetail, tickets: Tickets): Promise<HttpAnswer> {
  const { playback, cookies } = await ticketFor(media, tickets);
  return json(playback, 200, { ...PRIVATE_CACHE, "set-cookie": cookies });
}

interface Serialized {
  readonly body: string;
  etag?: string;
}

/** Serialized responses: a cached page is the same object while the cache entry is unchanged. */
const texts = new WeakMap<object, Serialized>();

function serialized(value: object): Serialized {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = { body: JSON.stringify(value) };
  texts.set(value, text);
  return text;
}

/** A JSON response; the value must not change afterwards. */
function json(value: object, status: number, headers: HttpAnswer["headers"]): HttpAnswer {
  const { body } = serialized(value);
  return { status, headers: { ...headers, "content-type": "application/json" }, body };
}

/** A JSON response with its ETag; 304 without a body if the caller has it already. */
function revalidated({ header }: HttpRequest, value: object, cache: HttpAnswer["headers"]): HttpAnswer {
  const text = serialized(value);
  const etag = (text.etag ??= etagOf(text.body));
  const headers = { ...cache, etag };
  return isCurrent(header("if-none-match"), etag)
    ? { status: 304, headers, body: "" }
    : json(value, 200, headers);
}

/**
 * The caller and trace. API Gateway rejects requests without token; this check covers routes that are missing the
 * authorizer.
 */
function askerOf({ caller, trace }: HttpRequest): Asker {
  if (!caller) throw new Problem(401, "a creator's token is required", { code: "signed-out" });
  return { caller, trace };
}
