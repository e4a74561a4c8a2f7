import type { Failure } from "./failure-reasons";

/** Statuses in order; each may end in `failed`. */
export const STATUSES = ["registered", "uploaded", "processing", "ready", "failed"] as const;
export type Status = (typeof STATUSES)[number];

/** Who may see and play a media: its creator, also those with its link, or everybody. */
export const VISIBILITIES = ["private", "unlisted", "public"] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** A registered video with its processing status. */
export interface Media {
  readonly id: string;
  /** Cognito sub of its creator, the only one who may change it; null if registered before creators were recorded. */
  readonly owner: string | null;
  readonly title: string;
  readonly visibility: Visibility;
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
  /** Path of its poster in lists, with a signature that shows it without cookies; absent until it is ready. */
  readonly thumbnail?: string;
}

/** A media with details that lists omit. */
export interface MediaDetail extends Media {
  /** Text of its creator; may be empty. */
  readonly description: string;
  /** Path `stream/<id>/<run>/` below the public URL, if ready. */
  readonly playbackPath: string | null;
  /** Size of its MP4 for downloads, in bytes; null if it has none. */
  readonly downloadBytes: number | null;
  /** Token of the link with which others see it; only of unlisted media. */
  readonly shareToken: string | null;
  /** Key of tickets for its events; null if registered before there were any. */
  readonly eventsKey: string | null;
}

/** A media in a list, with where its stream is. */
export type ListedMedia = Media & Pick<MediaDetail, "playbackPath">;

/** A media in a list of its creator's. */
export type OwnedMedia = ListedMedia & Pick<MediaDetail, "eventsKey">;

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

export interface PageQuery {
  readonly limit: number;
  readonly after?: Position | undefined;
}

/** Media of one creator, of any visibility. */
export interface OwnPageQuery extends PageQuery {
  /** Cognito sub of the creator. */
  readonly owner: string;
  readonly status?: Status;
}

/** Storage of media. All methods reject with `Unavailable` if the store is unavailable. */
export interface MediaRepository {
  /** Up to `limit` public and ready media after `after`, newest first, equal times by id. */
  listPublic(query: PageQuery): Promise<readonly ListedMedia[]>;
  /** The same of a creator's media, with the keys of their events. */
  listOwn(query: OwnPageQuery): Promise<readonly OwnedMedia[]>;
  find(id: string): Promise<MediaDetail | undefined>;
  /** Rejects if the store is unavailable. */
  check(): Promise<void>;
}

/** A dependency is unavailable; the same request may succeed later. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}
