import * as z from "zod/mini";
import type { Health } from "./health";
import type { MediaAnswer, Playback, Ticket } from "./playback";
import { listQuery } from "./requests";
import { completion, media, mediaFields, mediaPage, newMedia, type Schema, wantedParts } from "./schemas";
import type { Begun, Urls } from "./uploading";

/** What nobody reads by a schema, but answers: described here, and held to it by tests. */
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
  errors: z.exactOptional(z.array(z.object({ parameter: z.string(), detail: z.string() }))),
});

/** Every body of a request or an answer, by its name in the description. */
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

/** What one method of one path does. */
export interface Operation {
  readonly summary: string;
  /** Parameters of the query. */
  readonly query?: z.ZodMiniObject;
  readonly body?: SchemaName;
  /** Status and body of success; nothing for no body. */
  readonly answer: readonly [status: 200 | 201 | 204, body?: SchemaName | "any"];
  /** Statuses of problems, of the caller's making; any operation may answer 500 and 503. */
  readonly problems: readonly number[];
  /** Set on success. */
  readonly cookies?: string;
}

const WRITE_ERRORS = [400, 401, 403, 404];
const BODY_ERRORS = [413, 415];

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * All that the API does, by method and path; a path has at most one parameter, `{id}`. API Gateway's routes, the OpenAPI
 * description and the keys of `routes.ts` come from here. GET is public; every other method requires a token.
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
      "Registers a video and begins its upload: PUT each part to its URL, then complete the upload with their ETags.",
    body: "NewMedia",
    answer: [201, "Begun"],
    problems: [400, 401, ...BODY_ERRORS],
  },
  "GET /media/{id}": {
    summary:
      "One media; with its progress in percent while it is known, and where to play it when it is ready.",
    answer: [200, "MediaDetail"],
    problems: [400, 404],
  },
  "DELETE /media/{id}": {
    summary:
      "Removes a media of the caller's, with its source and streams. May be repeated until it succeeds.",
    answer: [204],
    problems: [...WRITE_ERRORS, 409],
  },
  "POST /media/{id}/upload/parts": {
    summary: "Fresh URLs for parts of an upload of the caller's, to try them again.",
    body: "WantedParts",
    answer: [200, "PartUrls"],
    problems: [...WRITE_ERRORS, 409, ...BODY_ERRORS],
  },
  "POST /media/{id}/upload/complete": {
    summary: "Completes an upload of the caller's. May be repeated.",
    body: "Completion",
    answer: [200, "MediaDetail"],
    problems: [...WRITE_ERRORS, 409, ...BODY_ERRORS],
  },
  "POST /media/{id}/upload/abort": {
    summary: "Gives an upload of the caller's up. May be repeated.",
    answer: [200, "MediaDetail"],
    problems: [...WRITE_ERRORS, 409],
  },
  "GET /media/{id}/playback": {
    summary: "Lets the caller play a media, by cookies for its streams.",
    answer: [200, "Playback"],
    problems: [400, 404, 409],
    cookies: "CloudFront-Policy, CloudFront-Signature and CloudFront-Key-Pair-Id, for the path /stream/{id}/",
  },
  "GET /health": {
    summary: "Whether the API's stores answer.",
    answer: [200, "Health"],
    problems: [],
  },
  "GET /openapi.json": { summary: "This description.", answer: [200, "any"], problems: [] },
} satisfies Readonly<Record<`${Method} /${string}`, Operation>>;

/** A route of the API, such as `GET /media/{id}`. */
export type RouteName = keyof typeof OPERATIONS;
