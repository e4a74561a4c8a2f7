import * as z from "zod/mini";
import type { Health } from "./health";
import type { OEmbed } from "./oembed";
import type { Download, MediaAnswer, OwnMedia, OwnMediaItem, Playback, Ticket } from "./playback";
import { PROBLEM_CODES } from "./problem";
import { listQuery, oembedQuery, ownListQuery, shareQuery } from "./requests";
import {
  changedMedia,
  completion,
  media,
  mediaFields,
  mediaPage,
  newMedia,
  type Schema,
  wantedParts,
} from "./schemas";
import type { Page } from "./library";
import type { Begun, UploadState, Urls } from "./uploading";

/** Response schemas without a reader; tests verify them. */
const download = z.object({ url: z.string(), sizeBytes: z.int() });
const playback = {
  url: z.string(),
  poster: z.string(),
  sprite: z.string(),
  chapters: z.string(),
  download: z.exactOptional(download satisfies Schema<Download>),
};
const events = z.exactOptional(z.string());
const answerFields = {
  ...mediaFields,
  description: z.string(),
  progress: z.exactOptional(z.number().check(z.minimum(0), z.maximum(100))),
  playback: z.exactOptional(z.object(playback) satisfies Schema<Playback>),
  events,
};
const mediaAnswer: Schema<MediaAnswer> = z.object(answerFields);
const ownMedia: Schema<OwnMedia> = z.object({ ...answerFields, shareToken: z.exactOptional(z.string()) });
const ownMediaPage: Schema<Page<OwnMediaItem>> = z.object({
  items: z.array(z.object({ ...mediaFields, events })),
  nextCursor: z.exactOptional(z.string()),
});
const ticket: Schema<Ticket["playback"]> = z.object({
  ...playback,
  expiresAt: z.iso.datetime(),
  query: z.string(),
});
const size = z.int().check(z.minimum(1));
const oembed: Schema<OEmbed> = z.object({
  version: z.literal("1.0"),
  type: z.literal("video"),
  provider_name: z.string(),
  provider_url: z.url(),
  title: z.string(),
  cache_age: z.exactOptional(z.int().check(z.minimum(1))),
  html: z.string(),
  width: size,
  height: size,
  thumbnail_url: z.exactOptional(z.url()),
  thumbnail_width: z.exactOptional(size),
  thumbnail_height: z.exactOptional(size),
});
/** https://repost.aws/knowledge-center/presigned-url-s3-bucket-expiration */
const URLS_END =
  "A URL takes a PUT of its part until `expiresAt` at the latest: S3 answers 400 `ExpiredToken` if the session that signed it ended earlier; then get a new one.";
const urls = {
  parts: z.array(z.object({ partNumber: z.int().check(z.minimum(1)), url: z.url() })),
  expiresAt: z.iso.datetime(),
};
const partUrls: Schema<Urls> = z.object(urls);
const begun: Schema<Begun> = z.object({
  media,
  upload: z.object({ partSizeBytes: z.int(), ...urls }),
});
const uploadState: Schema<UploadState> = z.object({
  partSizeBytes: z.int(),
  sizeBytes: z.int(),
  parts: z.array(z.object({ partNumber: z.int().check(z.minimum(1)), sizeBytes: z.int(), etag: z.string() })),
});
const health: Schema<Health> = z.object({ database: z.enum(["up", "down"]), cache: z.enum(["up", "down"]) });
const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  // API Gateway's own errors have none if a function's answer is malformed, and if they are of rare kinds.
  status: z.exactOptional(z.int()),
  detail: z.string(),
  instance: z.string(),
  code: z.exactOptional(z.enum(PROBLEM_CODES)),
  errors: z.exactOptional(z.array(z.object({ parameter: z.string(), detail: z.string() }))),
});

/** All bodies of requests and responses, by name. */
export const SCHEMAS = {
  NewMedia: newMedia,
  ChangedMedia: changedMedia,
  Completion: completion,
  WantedParts: wantedParts,
  Media: media,
  MediaPage: mediaPage,
  MediaDetail: mediaAnswer,
  OwnMedia: ownMedia,
  OwnMediaPage: ownMediaPage,
  UploadState: uploadState,
  Begun: begun,
  PartUrls: partUrls,
  Playback: ticket,
  OEmbed: oembed,
  Health: health,
  Problem: problem,
};
export type SchemaName = keyof typeof SCHEMAS;

/** An operation: a method of a path. */
export interface Operation {
  /** A few words, as the title of the operation. */
  readonly summary: string;
  /** Sentences. */
  readonly description: string;
  /** Who may call it: everyone without a token, a creator with one, or only the creator of the media. */
  readonly caller: "everyone" | "a creator" | "its creator";
  /** Parameters of the query. */
  readonly query?: z.ZodMiniObject;
  readonly body?: SchemaName;
  /** Status and body on success; a page is HTML. */
  readonly answer: readonly [status: 200 | 201 | 204, body?: SchemaName | "any" | "page"];
  /** Statuses of client errors; all operations may also answer 500 and 503. */
  readonly problems: readonly number[];
  /** Cookies set on success. */
  readonly cookies?: string;
  /** Whether an answer has an ETag, and is 304 if `If-None-Match` has it too. */
  readonly revalidated?: boolean;
}

/** Of operations on a media of the caller; 403 only if it is public, because others must not learn of it else. */
const OWN_ERRORS = [400, 401, 403, 404];
const BODY_ERRORS = [413, 415];
const COOKIES =
  "CloudFront-Policy, CloudFront-Signature and CloudFront-Key-Pair-Id, for the path /stream/{id}/";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * All operations by method and path; a path has at most one parameter, `{id}`. API Gateway's routes, the OpenAPI
 * description and the keys of `routes.ts` are generated from it. What a creator reads of their own is below `/me`, so
 * that no answer depends on whether a request has a token.
 */
export const OPERATIONS = {
  "GET /media": {
    summary: "List public media",
    description:
      "Lists public media that are ready, newest first. A page begins behind the last media of the one before.",
    caller: "everyone",
    query: listQuery,
    answer: [200, "MediaPage"],
    problems: [400],
    revalidated: true,
  },
  "POST /media": {
    summary: "Register a video and start its upload",
    description: `Registers a video, by default a private one, and starts its upload: PUT each part to its URL, then complete the upload with the ETags. ${URLS_END}`,
    caller: "a creator",
    body: "NewMedia",
    answer: [201, "Begun"],
    problems: [400, 401, ...BODY_ERRORS, 429],
  },
  "GET /media/{id}": {
    summary: "Get a media",
    description:
      "A public media, or an unlisted one with the token of its link, with its progress in percent if known, and its playback paths when it is ready.",
    caller: "everyone",
    query: shareQuery,
    answer: [200, "MediaDetail"],
    problems: [400, 404],
    revalidated: true,
  },
  "PATCH /media/{id}": {
    summary: "Change a media",
    description: "Changes title, description or visibility of a media of the caller.",
    caller: "its creator",
    body: "ChangedMedia",
    answer: [200, "OwnMedia"],
    problems: [...OWN_ERRORS, ...BODY_ERRORS],
  },
  "DELETE /media/{id}": {
    summary: "Delete a media",
    description:
      "Deletes a media of the caller with its source and streams. Can be repeated until it succeeds.",
    caller: "its creator",
    answer: [204],
    problems: [...OWN_ERRORS, 409],
  },
  "POST /media/{id}/share": {
    summary: "Replace the token of a link",
    description:
      "Replaces the token of an unlisted media of the caller: the link before shows nothing any more.",
    caller: "its creator",
    answer: [200, "OwnMedia"],
    problems: [...OWN_ERRORS, 409],
  },
  "POST /media/{id}/upload/parts": {
    summary: "Get new URLs for parts",
    description: `New URLs for parts of an upload of the caller, for retries. ${URLS_END}`,
    caller: "its creator",
    body: "WantedParts",
    answer: [200, "PartUrls"],
    problems: [...OWN_ERRORS, 409, ...BODY_ERRORS],
  },
  "POST /media/{id}/upload/complete": {
    summary: "Complete an upload",
    description: "Completes an upload of the caller. Can be repeated.",
    caller: "its creator",
    body: "Completion",
    answer: [200, "OwnMedia"],
    problems: [...OWN_ERRORS, 409, ...BODY_ERRORS],
  },
  "POST /media/{id}/upload/abort": {
    summary: "Abort an upload",
    description: "Aborts an upload of the caller. Can be repeated.",
    caller: "its creator",
    answer: [200, "OwnMedia"],
    problems: [...OWN_ERRORS, 409],
  },
  "POST /media/{id}/retry": {
    summary: "Process a failed media again",
    description: "Processes a failed media of the caller again, if its source still exists.",
    caller: "its creator",
    answer: [200, "OwnMedia"],
    problems: [...OWN_ERRORS, 409],
  },
  "GET /media/{id}/playback": {
    summary: "Get cookies to play a media",
    description:
      "Sets cookies with which the caller can play a public media, or an unlisted one with the token of its link.",
    caller: "everyone",
    query: shareQuery,
    answer: [200, "Playback"],
    problems: [400, 404, 409],
    cookies: COOKIES,
  },
  "GET /v/{id}": {
    summary: "Get the page of a link",
    description:
      "A page that opens the watch page in browsers, with tags from which other services make a preview: only of a public media, or of an unlisted one with the token of its link, that is ready.",
    caller: "everyone",
    query: shareQuery,
    answer: [200, "page"],
    problems: [400],
  },
  "GET /oembed": {
    summary: "Get the frame for another site",
    description:
      "The frame with which another site shows a media in its pages, by the URL of its link, its watch page or its player (oEmbed 1.0).",
    caller: "everyone",
    query: oembedQuery,
    answer: [200, "OEmbed"],
    problems: [400, 404],
  },
  "GET /me/media": {
    summary: "List media of the caller",
    description: "Lists media of the caller in every status and of every visibility, newest first.",
    caller: "a creator",
    query: ownListQuery,
    answer: [200, "OwnMediaPage"],
    problems: [400, 401],
  },
  "GET /me/media/{id}": {
    summary: "Get a media of the caller",
    description: "A media of the caller, with the token of its link if it is unlisted.",
    caller: "its creator",
    answer: [200, "OwnMedia"],
    problems: [400, 401, 404],
  },
  "GET /me/media/{id}/playback": {
    summary: "Get cookies to play a media of the caller",
    description: "Sets cookies with which the caller can play a media of their own.",
    caller: "its creator",
    answer: [200, "Playback"],
    problems: [400, 401, 404, 409],
    cookies: COOKIES,
  },
  "GET /me/media/{id}/upload": {
    summary: "Get the state of an upload",
    description: "Which parts of an upload of the caller have arrived, to resume it.",
    caller: "its creator",
    answer: [200, "UploadState"],
    problems: [...OWN_ERRORS, 409],
  },
  "GET /health": {
    summary: "Get the status of the service",
    description: "Status of the database and the cache.",
    caller: "everyone",
    answer: [200, "Health"],
    problems: [],
  },
  "GET /openapi.json": {
    summary: "Get this description",
    description: "The OpenAPI description of this API.",
    caller: "everyone",
    answer: [200, "any"],
    problems: [],
    revalidated: true,
  },
} satisfies Readonly<Record<`${Method} /${string}`, Operation>>;

/** A route of the API, such as `GET /media/{id}`. */
export type RouteName = keyof typeof OPERATIONS;
