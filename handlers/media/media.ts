/** How far a video has come; only forward, but for `failed`. */
export const STATUSES = ["registered", "uploaded", "processing", "ready", "failed"] as const;
export type Status = (typeof STATUSES)[number];

/** A video as its creator registered it, and what became of it. */
export interface Media {
  readonly id: string;
  readonly title: string;
  /** MIME type of the uploaded source. */
  readonly contentType: string;
  /** Size of the source, in bytes. */
  readonly sizeBytes: number;
  readonly status: Status;
  /** Why processing failed, in words for the creator. */
  readonly failureReason: string | null;
  /** Length of the video, in seconds, once it is known. */
  readonly durationSeconds: number | null;
  /** ISO 8601, UTC, to the microsecond. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A page of media, newest first; `nextCursor` is there when more follow. */
export interface MediaPage {
  readonly items: readonly Media[];
  readonly nextCursor?: string;
}

/** Where in the list a page begins: behind this media. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

export interface ListQuery {
  readonly limit: number;
  readonly status?: Status;
  readonly after?: Position;
}

/** Where media are kept. Every method rejects when the store can't be reached. */
export interface MediaRepository {
  /** Up to `limit` media behind `after`, newest first; equal times by id. */
  list(query: ListQuery): Promise<readonly Media[]>;
  find(id: string): Promise<Media | undefined>;
  /** Rejects unless the store answers. */
  check(): Promise<void>;
}

/** A cache that may forget anything at any time, and never fails. */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, seconds: number): Promise<void>;
  check(): Promise<boolean>;
}
