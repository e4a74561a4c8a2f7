import * as z from "zod/mini";
import { type Failure, FAILURE_CODES } from "./failure-reasons";
import { LIMITS } from "./limits";
import { type Media, type MediaDetail, type MediaPage, STATUSES } from "./media";

export type Schema<Value> = z.ZodMiniType<Value>;

const failure: Schema<Failure> = z.object({
  code: z.enum([...FAILURE_CODES, "unknown"]),
  values: z.record(z.string(), z.number()),
});

export const mediaFields = {
  id: z.guid(),
  owner: z.nullable(z.string()),
  title: z.string(),
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
  playbackPath: z.nullable(z.string()),
});

export const partNumber = z
  .int(`must be a whole number from 1 to ${LIMITS.parts}`)
  .check(
    z.minimum(1, `must be from 1 to ${LIMITS.parts}`),
    z.maximum(LIMITS.parts, `must be from 1 to ${LIMITS.parts}`),
  );

/** Title; its length counts code points like PostgreSQL and JSON Schema, not UTF-16 units like JavaScript. */
export const title = z.string("must be a string").check(
  z.refine((text) => {
    const { length } = [...text];
    return length >= 1 && length <= LIMITS.title;
  }, `must have from 1 to ${LIMITS.title} characters`),
  z.regex(/\S/, "must not be blank"),
  z.regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not have control characters"),
);

/** Body of `POST /media`. */
export const newMedia = z.strictObject({
  title,
  contentType: z
    .string("must be a string")
    .check(
      z.regex(/^video\/[A-Za-z0-9][A-Za-z0-9.+_-]{0,99}$/, "must be the type of a video, such as video/mp4"),
    ),
  sizeBytes: z
    .int("must be a whole number of bytes")
    .check(
      z.minimum(1, "must be at least 1 byte"),
      z.maximum(LIMITS.sizeBytes, `must be at most ${LIMITS.sizeBytes} bytes`),
    ),
});

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
