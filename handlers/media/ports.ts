import type { Media, Status, Visibility } from "./media";

/** A new media. */
export interface NewMedia {
  readonly id: string;
  readonly title: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Cognito sub of its creator. */
  readonly owner: string;
  readonly uploadId: string;
  readonly description: string;
  readonly visibility: Visibility;
  /** Token of its link, if it is unlisted. */
  readonly shareToken: string | null;
}

/** Changed fields of a media; absent ones stay. */
export interface MediaChanges {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly visibility?: Visibility | undefined;
}

/** What a creator has uploaded within a time. */
export interface Usage {
  readonly videos: number;
  /** Size of their sources in bytes. */
  readonly bytes: number;
  /** Length in minutes of those that were processed. */
  readonly minutes: number;
}

/** Uncached data of a media for changes. */
export interface Registered {
  readonly id: string;
  /** Null if registered before creators were recorded. */
  readonly owner: string | null;
  readonly status: Status;
  readonly visibility: Visibility;
  readonly sizeBytes: number;
  /** Id of the upload in progress. */
  readonly uploadId: string | null;
  /** Removal has started; no other change is allowed. */
  readonly removing: boolean;
  /** Why a failed media failed, else null. */
  readonly failureReason: string | null;
}

/** Changes of media. All methods are idempotent, and reject with `Unavailable` if the store is unavailable. */
export interface MediaRegistry {
  /**
   * Adds a media, unless its creator then had more than the quotas allow; returns undefined then. Additions of one creator
   * wait for each other, so that those that are made at once count too.
   */
  add(media: NewMedia, quotas: Usage): Promise<Media | undefined>;
  find(id: string): Promise<Registered | undefined>;
  /** What a creator has registered within 24 hours, with what was deleted since. */
  usage(owner: string): Promise<Usage>;
  /**
   * Changes fields. A media that becomes unlisted gets the token, one that is not unlisted has none, and a changed
   * visibility ends the tickets for its events. Returns false if there is no such media.
   */
  change(id: string, changes: MediaChanges, shareToken: string): Promise<boolean>;
  /** Replaces the token of an unlisted media, and ends the tickets for its events; returns false if it is not unlisted. */
  share(id: string, shareToken: string): Promise<boolean>;
  /** The source has arrived: registered becomes uploaded; later statuses stay. */
  uploaded(id: string): Promise<void>;
  /** The upload was aborted: registered becomes failed; later statuses stay. */
  aborted(id: string, because: { readonly reason: string }): Promise<void>;
  /**
   * Processing of a failed media is asked for again: failed becomes uploaded. Returns the sequencer of its source, empty if
   * unknown; undefined if it has not failed.
   */
  retried(id: string): Promise<string | undefined>;
  /** Hides it from all reads and from processors; returns whether one still works on it, undefined if there is none. */
  hide(id: string): Promise<{ readonly inWork: boolean } | undefined>;
  /** Deletes a hidden media. */
  forget(id: string): Promise<void>;
}

export interface Part {
  /** Number, from 1. */
  readonly partNumber: number;
  /** ETag without quotes. */
  readonly etag: string;
}

export interface StoredPart extends Part {
  readonly sizeBytes: number;
}

export interface PartUrl {
  readonly partNumber: number;
  /** URL for one PUT of exactly the part's size. */
  readonly url: string;
}

/** Upload of a media's source: the media's id and S3's upload id. */
export interface Upload {
  readonly id: string;
  readonly uploadId: string;
}

/** Multipart uploads of sources. All methods reject with `Unavailable` as above. */
export interface Uploads {
  /** Starts an upload; returns its id. The trace is stored with the source for the processor. */
  begin(
    id: string,
    source: { readonly contentType: string; readonly trace?: string | undefined },
  ): Promise<string>;
  /** URLs for parts of given sizes, valid for a number of seconds. */
  urls(upload: Upload, parts: readonly PartSize[], seconds: number): readonly PartUrl[];
  /** Parts that have arrived; undefined if the upload does not exist. */
  parts(upload: Upload): Promise<readonly StoredPart[] | undefined>;
  /** Completes the upload, unless it does not exist or the parts differ. */
  complete(upload: Upload, parts: readonly Part[]): Promise<"done" | "gone" | "changed">;
  /** Aborts an upload; idempotent. */
  abort(upload: Upload): Promise<void>;
  /** The current version of the source; undefined if it does not exist. */
  source(id: string): Promise<StoredSource | undefined>;
}

/** A source in S3. */
export interface StoredSource {
  readonly sizeBytes: number;
  /** S3's version id; undefined in an unversioned bucket. */
  readonly version: string | undefined;
  /** ETag without quotes. */
  readonly etag: string;
}

/** A request to process a source again. */
export interface ProcessingRequest {
  /** Id of the media. */
  readonly id: string;
  readonly source: StoredSource;
  /** S3's sequencer of the version before, which this one must not precede; empty without any. */
  readonly sequencer: string;
  /** X-Ray trace header of the request. */
  readonly trace?: string | undefined;
}

/** Requests for processing that S3 did not send. */
export interface ProcessingQueue {
  /** Rejects with `Unavailable` if the queue is unavailable; the request may have arrived then. */
  send(request: ProcessingRequest): Promise<void>;
}

export interface PartSize {
  readonly partNumber: number;
  readonly sizeBytes: number;
}

/** All objects of a media: source and streams. */
export interface MediaObjects {
  /** Removes all objects; can be repeated. */
  remove(id: string): Promise<void>;
}

/** One signature, in the two forms that CloudFront accepts. */
export interface StreamAccess {
  /** Values of `Set-Cookie`. */
  readonly cookies: readonly string[];
  /** Parameters for each URL, without `?`, for frames of other sites, in which browsers send no cookies. */
  readonly query: string;
}

/** Playback authorization. */
export interface Tickets {
  /** Access to everything below `/stream/<id>/`, until a time in milliseconds since 1970. */
  access(id: string, until: number): Promise<StreamAccess>;
  /** The path of one file with a signature in its query, valid until a time in milliseconds since 1970. */
  signedPath(path: string, until: number): Promise<string>;
}

/** Processing progress of media. Never rejects; unknown if unavailable. */
export interface ProgressNotes {
  read(id: string): Promise<{ readonly status: Status; readonly percent: number } | undefined>;
}
