import type { Failure } from "./failure-reasons";

/** Statuses in order; each may end in `failed`. */
export const STATUSES = ["registered", "uploaded", "processing", "ready", "failed"] as const;
export type Status = (typeof STATUSES)[number];

/** A registered video with its processing status. */
export interface Media {
  readonly id: string;
  /** Cognito sub of its creator, the only one who may change it; null if registered before creators were recorded. */
  readonly owner: string | null;
  readonly title: string;
  /** MIME type of the uploaded source. */
  readonly contentType: string;
  /** Size of the source, in bytes. */
  readonly sizeBytes: number;
  readonly status: Status;
  /** Reason of a failure, or what is missing in a ready video, in English, for the creator. */
  readonly failureReason: string | null;
  /** The same reason for programs. */
  readonly failure: Failure | null;
  /** Length in seconds; null until known. */
  readonly durationSeconds: number | null;
  /** Displayed width in pixels; null until known. */
  readonly width: number | null;
  readonly height: number | null;
  /** ISO 8601 in UTC with microseconds, PostgreSQL's precision. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A media with details that lists omit. */
export interface MediaDetail extends Media {
  /** Path `stream/<id>/<run>/` below the public URL, if ready. */
  readonly playbackPath: string | null;
}

/** A page of media, newest first, with `nextCursor` if more follow. */
export interface MediaPage {
  readonly items: readonly Media[];
  readonly nextCursor?: string;
}

/** Start of a page: after the media with this time and id. */
export interface Position {
  /** Like `Media.createdAt`; JavaScript's milliseconds would skip or repeat rows. */
  readonly createdAt: string;
  readonly id: string;
}

export interface ListQuery {
  readonly limit: number;
  readonly status?: Status;
  readonly after?: Position | undefined;
}

/** Storage of media. All methods reject with `Unavailable` if the store is unavailable. */
export interface MediaRepository {
  /** Up to `limit` media after `after`, newest first, equal times by id. */
  list(query: ListQuery): Promise<readonly Media[]>;
  find(id: string): Promise<MediaDetail | undefined>;
  /** Rejects if the store is unavailable. */
  check(): Promise<void>;
}

/** A dependency is unavailable; the same request may succeed later. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}
