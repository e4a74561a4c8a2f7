import * as z from "zod/mini";
import { type Media, type MediaPage, STATUSES } from "./media";

export type Schema<Value> = z.ZodMiniType<Value>;

/** A media as it is answered, and as the cache keeps it. */
export const media: Schema<Media> = z.object({
  id: z.guid(),
  title: z.string(),
  contentType: z.string(),
  sizeBytes: z.int(),
  status: z.enum(STATUSES),
  failureReason: z.nullable(z.string()),
  durationSeconds: z.nullable(z.number()),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export const mediaPage: Schema<MediaPage> = z.object({
  items: z.array(media),
  nextCursor: z.exactOptional(z.string()),
});
