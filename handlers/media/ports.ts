import type { Media, Status } from "./media";

/** What a media begins as. */
export interface NewMedia {
  readonly id: string;
  readonly title: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Cognito sub of its creator. */
  readonly owner: string;
  readonly uploadId: string;
}

/** What a change of a media depends on, as it is now: never from a cache. */
export interface Registered {
  readonly id: string;
  /** Nobody's when it was there before there were owners. */
  readonly owner: string | null;
  readonly status: Status;
  readonly sizeBytes: number;
  /** The upload of its source, while that is under way. */
  readonly uploadId: string | null;
  /** Its removal has begun: only the removal may go on. */
  readonly removing: boolean;
  /** How often its processing began. */
  readonly attempts: number;
}

/** Changes media. Every method rejects with `Unavailable` when the store can't be asked now, and may be called again. */
export interface MediaRegistry {
  add(media: NewMedia): Promise<Media>;
  find(id: string): Promise<Registered | undefined>;
  /** Its source is there: registered becomes uploaded; whatever has come further stays. */
  uploaded(id: string): Promise<void>;
  /** Its upload was given up: registered becomes failed; whatever has come further stays. */
  aborted(id: string, because: { readonly reason: string }): Promise<void>;
  /** Takes it out of every list; false while a processor works on it. */
  hide(id: string): Promise<boolean>;
  /** Forgets what was hidden. */
  forget(id: string): Promise<void>;
}

export interface Part {
  /** From 1. */
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
}

export interface StoredPart extends Part {
  readonly sizeBytes: number;
}

export interface PartUrl {
  readonly partNumber: number;
  /** Takes one PUT of exactly the part's bytes. */
  readonly url: string;
}

/** The upload of the source of one media: the media's id, and S3's of the upload. */
export interface Upload {
  readonly id: string;
  readonly uploadId: string;
}

/** Sources on their way to where they are kept, in parts. Rejects with `Unavailable` as above. */
export interface Uploads {
  /** Begins an upload; answers its id. The trace is kept with the source, for who processes it. */
  begin(
    id: string,
    source: { readonly contentType: string; readonly trace?: string | undefined },
  ): Promise<string>;
  /** URLs that take a part of so many bytes each, for so many seconds. */
  urls(upload: Upload, parts: readonly PartSize[], seconds: number): readonly PartUrl[];
  /** What has arrived; undefined when there is no such upload (any more). */
  parts(upload: Upload): Promise<readonly StoredPart[] | undefined>;
  /** Makes the parts one source, unless there is no such upload (any more), or other parts have come. */
  complete(upload: Upload, parts: readonly Part[]): Promise<"done" | "gone" | "changed">;
  /** Forgets an upload and its parts; done already, it is done. */
  abort(upload: Upload): Promise<void>;
  /** Bytes of the source that is there; undefined when there is none. */
  size(id: string): Promise<number | undefined>;
}

export interface PartSize {
  readonly partNumber: number;
  readonly sizeBytes: number;
}

/** All objects of a media: its source and its streams. */
export interface MediaObjects {
  /** Removes what is there; done half-way, it can be done again. */
  remove(id: string): Promise<void>;
}

/** Lets a viewer play. */
export interface Tickets {
  /** Values of `Set-Cookie` that open everything below `/stream/<id>/` until then, in milliseconds since 1970. */
  cookies(id: string, until: number): Promise<readonly string[]>;
}

/** How far the processing of media has come. It never rejects: what it can't tell, it does not know. */
export interface ProgressNotes {
  read(id: string): Promise<{ readonly status: Status; readonly percent: number } | undefined>;
}
