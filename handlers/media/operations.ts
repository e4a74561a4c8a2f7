import * as z from "zod/mini";
import type { Health } from "./health";
import type { MediaAnswer, Playback, Ticket } from "./playback";
import { PROBLEM_CODES } from "./problem";
import { listQuery } from "./requests";
import { completion, media, mediaFields, mediaPage, newMedia, type Schema, wantedParts } from "./schemas";
import type { Begun, Urls } from "./uploading";

/** Response schemas without a reader; tests verify them. */
const playback = { url: z.string(), poster: z.string(), sprite: z.string() };
const mediaAnswer: Schema<MediaAnswer> = z.object({
  ...mediaFields,
  progress: z.exactOptional(z.number().check(z.minimum(0), z.maximum(100))),
  playback: z.exactOptional(z.object(playback) satisfies Schema<Playback>),
});
const ticket: Schema<Ticket["playback"]> = z.object({ ...playback, expiresAt: z.iso.datetime() });
const urls = {
  parts: z.array(z.object({ partNumber: z.int().check(z.minimum(1)), url: z.url() })),
  expiresAt: z.iso.datetime(),
};
const partUrls: Schema<Urls> = z.object(urls);
const begun: Schema<Begun> = z.object({
  media,
  upload: z.object({ partSizeBytes: z.int(), ...urls }),
});
const health: Schema<Health> = z.object({ database: z.enum(["up", "down"]), cache: z.enum(["up", "down"]) });
const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.exactOptional(z.enum(PROBLEM_CODES)),
  errors: z.exactOptional(z.array(z.object({ parameter: z.string(), detail: z.string() }))),
});

/** All bodies of requests and responses, by name. */
export const SCHEMAS = {
  NewMedia: newMedia,
  Completion: completion,
  WantedParts: wantedParts,
  Media: media,
  MediaPage: mediaPage,
  MediaDetail: mediaAnswer,
  Begun: begun,
  PartUrls: partUrls,
  Playback: ticket,
  Health: health,
  Problem: problem,
};
export type SchemaName = keyof typeof SCHEMAS;

/** An operation: a method of a path. */
export interface Operation {
  readonly summary: string;
  /** Parameters of the query. */
  readonly query?: z.ZodMiniObject;
  readonly body?: SchemaName;
  /** Status and body on success. */
  readonly answer: readonly [status: 200 | 201 | 204, body?: SchemaName | "any"];
  /** Statuses of client errors; all operations may also answer 500 and 503. */
  readonly problems: readonly number[];
  /** Cookies set on success. */
  readonly cookies?: string;
}

const WRITE_ERRORS = [400, 401, 403, 404];
const BODY_ERRORS = [413, 415];

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * All operations by method and path; a path has at most one parameter, `{id}`. API Gateway's routes, the OpenAPI
 * description and the keys of `routes.ts` are generated from it. GET is public; every other method requires a token.
 */
export const OPERATIONS = {
  "GET /media": {
    summary: "Lists media, newest first. A page begins behind the last media of the one before.",
    query: listQuery,
    answer: [200, "MediaPage"],
    problems: [400],
  },
  "POST /media": {
    summary:
      "Registers a video and starts its upload: PUT each part to its URL, then complete the upload with the ETags.",
    body: "NewMedia",
    answer: [201, "Begun"],
    problems: [400, 401, ...BODY_ERRORS],
  },
  "GET /media/{id}": {
    summary: "One media, with its progress in percent if known, and its playback paths when it is ready.",
    answer: [200, "MediaDetail"],
    problems: [400, 404],
  },
  "DELETE /media/{id}": {
    summary: "Deletes a media of the caller with its source and streams. Can be repeated until it succeeds.",
    answer: [204],
    problems: [...WRITE_ERRORS, 409],
  },
  "POST /media/{id}/upload/parts": {
    summary: "New URLs for parts of an upload of the caller, for retries.",
    body: "WantedParts",
    answer: [200, "PartUrls"],
    problems: [...WRITE_ERRORS, 409, ...BODY_ERRORS],
  },
  "POST /media/{id}/upload/complete": {
    summary: "Completes an upload of the caller. Can be repeated.",
    body: "Completion",
    answer: [200, "MediaDetail"],
    problems: [...WRITE_ERRORS, 409, ...BODY_ERRORS],
  },
  "POST /media/{id}/upload/abort": {
    summary: "Aborts an upload of the caller. Can be repeated.",
    answer: [200, "MediaDetail"],
    problems: [...WRITE_ERRORS, 409],
  },
  "GET /media/{id}/playback": {
    summary: "Sets cookies with which the caller can play a media.",
    answer: [200, "Playback"],
    problems: [400, 404, 409],
    cookies: "CloudFront-Policy, CloudFront-Signature and CloudFront-Key-Pair-Id, for the path /stream/{id}/",
  },
  "GET /health": {
    summary: "Status of the database and the cache.",
    answer: [200, "Health"],
    problems: [],
  },
  "GET /openapi.json": { summary: "This description.", answer: [200, "any"], problems: [] },
} satisfies Readonly<Record<`${Method} /${string}`, Operation>>;

/** A route of the API, such as `GET /media/{id}`. */
export type RouteName = keyof typeof OPERATIONS;
