import * as z from "zod/mini";
import { type Failure, FAILURE_CODES } from "./failure-reasons";
import { LIMITS } from "./limits";
import { type Media, type MediaDetail, type MediaPage, STATUSES, VISIBILITIES } from "./media";

export type Schema<Value> = z.ZodMiniType<Value>;

const failure: Schema<Failure> = z.object({
  code: z.enum([...FAILURE_CODES, "unknown"]),
  values: z.record(z.string(), z.number()),
});

export const mediaFields = {
  id: z.guid(),
  owner: z.nullable(z.string()),
  title: z.string(),
  visibility: z.enum(VISIBILITIES),
  contentType: z.string(),
  sizeBytes: z.int(),
  status: z.enum(STATUSES),
  failureReason: z.nullable(z.string()),
  failure: z.nullable(failure),
  durationSeconds: z.nullable(z.number()),
  width: z.nullable(z.int()),
  height: z.nullable(z.int()),
  createdAt: z.string(),
  updatedAt: z.string(),
  thumbnail: z.exactOptional(z.string()),
};

/** A media in responses and in the cache. */
export const media: Schema<Media> = z.object(mediaFields);

export const mediaPage: Schema<MediaPage> = z.object({
  items: z.array(media),
  nextCursor: z.exactOptional(z.string()),
});

/** A media's details in the cache. */
export const mediaDetail: Schema<MediaDetail> = z.object({
  ...mediaFields,
  description: z.string(),
  playbackPath: z.nullable(z.string()),
  downloadBytes: z.nullable(z.int()),
  shareToken: z.nullable(z.string()),
  eventsKey: z.nullable(z.string()),
});

export const partNumber = z
  .int(`must be a whole number from 1 to ${LIMITS.parts}`)
  .check(
    z.minimum(1, `must be from 1 to ${LIMITS.parts}`),
    z.maximum(LIMITS.parts, `must be from 1 to ${LIMITS.parts}`),
  );

/** Characters like PostgreSQL and JSON Schema count them: code points, not UTF-16 units like JavaScript. */
const lengthOf = (text: string): number => [...text].length;

const CONTROLS_MESSAGE = "must not have control characters";
/**
 * Characters that are not seen or change the direction of others, by which a text could look like another one: all of
 * Unicode's format characters, and fillers, except the joiners that emoji and some scripts need.
 */
const visibleOnly = z.regex(
  /^(?:[^\p{Cf}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]|\u200c|\u200d)*$/u,
  "must not have invisible or direction-changing characters",
);

/** Title of a media. */
export const title = z.string("must be a string").check(
  z.refine(
    (text) => lengthOf(text) >= 1 && lengthOf(text) <= LIMITS.title,
    `must have from 1 to ${LIMITS.title} characters`,
  ),
  z.regex(/[^\s\u200c\u200d]/, "must not be blank"),
  z.regex(/^[^\p{Cc}\p{Cs}]*$/u, CONTROLS_MESSAGE),
  visibleOnly,
);

/** Description of a media; empty for none. */
export const description = z.string("must be a string").check(
  z.refine(
    (text) => lengthOf(text) <= LIMITS.description,
    `must have at most ${LIMITS.description} characters`,
  ),
  z.regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u, CONTROLS_MESSAGE),
  visibleOnly,
);

const visibility = z.enum(VISIBILITIES, { error: `must be one of ${VISIBILITIES.join(", ")}` });

/** Type of a video, as browsers give it: parameters such as `codecs` and capitals are accepted, and not stored. */
const contentType = z.pipe(
  z
    .string("must be a string")
    .check(
      z.maxLength(LIMITS.contentType, `must have at most ${LIMITS.contentType} characters`),
      z.regex(
        /^video\/[a-z0-9][a-z0-9.+_-]{0,99}(?:\s*;[\x20-\x7e]*)?$/i,
        "must be the type of a video, such as video/mp4",
      ),
    ),
  z.transform((text) => (text.split(";")[0] ?? "").trim().toLowerCase()),
);

/** Body of `POST /media`. */
export const newMedia = z.strictObject({
  title,
  description: z.exactOptional(description),
  visibility: z.exactOptional(visibility),
  contentType,
  sizeBytes: z
    .int("must be a whole number of bytes")
    .check(
      z.minimum(1, "must be at least 1 byte"),
      z.maximum(LIMITS.sizeBytes, `must be at most ${LIMITS.sizeBytes} bytes`),
    ),
});

/** Body of `PATCH /media/{id}`. */
export const changedMedia = z
  .strictObject({
    title: z.exactOptional(title),
    description: z.exactOptional(description),
    visibility: z.exactOptional(visibility),
  })
  .check(
    z.refine(
      (changes) => Object.keys(changes).length > 0,
      "must have a title, a description or a visibility",
    ),
  );

/** Body of `POST /media/{id}/upload/complete`. */
export const completion = z.strictObject({
  parts: z
    .array(
      z.strictObject({
        partNumber,
        etag: z
          .string("must be a string")
          .check(z.regex(/^(?:"[\da-fA-F]{32}"|[\da-fA-F]{32})$/, "must be the ETag that S3 returned")),
      }),
      "must be a list of the parts",
    )
    .check(
      z.minLength(1, "must list at least one part"),
      z.maxLength(LIMITS.parts, `must list at most ${LIMITS.parts} parts`),
    ),
});

/** Body of `POST /media/{id}/upload/parts`. */
export const wantedParts = z.strictObject({
  partNumbers: z
    .array(partNumber, "must be a list of part numbers")
    .check(
      z.minLength(1, "must list at least one part"),
      z.maxLength(LIMITS.parts, `must list at most ${LIMITS.parts} parts`),
    ),
});
