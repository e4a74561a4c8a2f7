/** How far a video has come: each leads to the next, and each may end in `failed`. */
export const STATUSES = ["registered", "uploaded", "processing", "ready", "failed"] as const;
export type Status = (typeof STATUSES)[number];

/** A video as its creator registered it, and what became of it. */
export interface Media {
  readonly id: string;
  /** Cognito sub of its creator, who alone may change it; null where it was there before creators were recorded. */
  readonly owner: string | null;
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
  /** Pixels of the video as it is shown, once they are known. */
  readonly width: number | null;
  readonly height: number | null;
  /** ISO 8601 in UTC, to the microsecond, as PostgreSQL keeps it. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A media with what only those see who ask for it alone. */
export interface MediaDetail extends Media {
  /** `stream/<id>/<run>/` below the public URL, while it is ready. */
  readonly playbackPath: string | null;
}

/** A page of media, newest first; `nextCursor` is there when more follow. */
export interface MediaPage {
  readonly items: readonly Media[];
  readonly nextCursor?: string;
}

/** Where in the list a page begins: behind the media that was made then and has that id. */
export interface Position {
  /** As `Media.createdAt`: JavaScript's milliseconds would lose rows between them, or repeat some. */
  readonly createdAt: string;
  readonly id: string;
}

export interface ListQuery {
  readonly limit: number;
  readonly status?: Status;
  readonly after?: Position | undefined;
}

/** Where media are kept. Every method rejects with `Unavailable` when the store can't be asked now. */
export interface MediaRepository {
  /** Up to `limit` media behind `after`, newest first, equal times by id. */
  list(query: ListQuery): Promise<readonly Media[]>;
  find(id: string): Promise<MediaDetail | undefined>;
  /** Rejects unless the store answers. */
  check(): Promise<void>;
}

/** What is needed does not answer now; the same request may succeed later. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}
