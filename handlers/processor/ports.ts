import type { FailureCode } from "../media/failure-reasons";
import type { EventSource } from "../media/event-tickets";
import type { Status } from "../media/media";
import type { StoredSource } from "../media/ports";
import type { SourceVersion } from "./message";

/** A received message. */
export interface Message {
  readonly id: string;
  readonly body: string;
  /** Receipt handle, valid until the next receive. */
  readonly receipt: string;
  /** Number of receives, including this one. */
  readonly receives: number;
  /** X-Ray trace header of the sender, if any. */
  readonly trace?: string | undefined;
}

/** A queue that delivers messages again unless they are deleted or hidden longer. */
export interface Queue {
  /** Up to `count` messages as soon as there is one; none after the poll's timeout. */
  receive(count: number): Promise<readonly Message[]>;
  /** Hides a message for a number of seconds from now; 0 returns it immediately. */
  hide(message: Message, seconds: number): Promise<void>;
  delete(message: Message): Promise<void>;
}

/** Storage of sources and streams. Temporary failures are retried until the signal aborts. */
export interface Objects {
  /** Metadata of a source; undefined if it does not exist. */
  head(source: SourceVersion): Promise<SourceHead | undefined>;
  download(source: SourceVersion, file: string, signal: AbortSignal): Promise<void>;
  upload(upload: Upload): Promise<void>;
}

export interface SourceHead {
  readonly sizeBytes: number;
  /** X-Ray trace header of the upload's request. */
  readonly trace: string | undefined;
}

export interface Upload {
  readonly key: string;
  /** Path of the file on disk. */
  readonly file: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

export interface Headers {
  readonly contentType: string;
  readonly cacheControl: string;
  /** Undefined for files that are shown, not saved. */
  readonly contentDisposition: string | undefined;
}

/** Result of a claim to process a version. */
export type Claim =
  /** The caller has the lease. */
  | { readonly kind: "claimed" }
  /** This or a newer version has been processed. */
  | { readonly kind: "done" }
  /** The same message has failed permanently. */
  | { readonly kind: "hopeless" }
  /** The media does not exist. */
  | { readonly kind: "unknown" }
  /** Another processor has the lease for some more seconds, for the same or another message. */
  | { readonly kind: "busy"; readonly seconds: number; readonly sameMessage: boolean };

/** A lease on a media, which its owner must renew. */
export interface Lease {
  readonly id: string;
  /** UUID of this attempt. */
  readonly owner: string;
}

export interface ClaimRequest {
  readonly source: SourceVersion;
  readonly messageId: string;
  readonly lease: Lease;
  /** Whether this version no longer exists; then a ready media is left alone. */
  readonly missing: boolean;
  /** Duration of the lease without renewal, in seconds. */
  readonly seconds: number;
}

export interface Processed {
  /** Path of the stream, `stream/<id>/<run>/`. */
  readonly playbackPath: string;
  /** Displayed width of the source in pixels. */
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  /** A sentence for the creator, if a part of the source is missing or can't be decoded; the stream contains the rest. */
  readonly notice?: string | undefined;
  /** Size of the MP4 for downloads; undefined if there is none. */
  readonly downloadBytes?: number | undefined;
}

/** Statuses of media. Methods that return a boolean return false if another processor has the lease. */
export interface Statuses {
  claim(request: ClaimRequest): Promise<Claim>;
  renew(lease: Lease, seconds: number): Promise<boolean>;
  /** Like `renew`, but waits for an unavailable store. */
  confirm(lease: Lease, seconds: number): Promise<boolean>;
  ready(lease: Lease, processed: Processed): Promise<boolean>;
  /** Fails the media permanently; the same message can't change it again. */
  failed(lease: Lease, reason: string): Promise<boolean>;
  /** Fails the media, but its message can be redriven. */
  givenUp(lease: Lease, reason: string): Promise<boolean>;
  /** Releases the lease and keeps the status, so that the next attempt can start. */
  release(lease: Lease): Promise<void>;
  /** Fails media without lease for a number of seconds; returns their ids. */
  failAbandoned(seconds: number, reason: string): Promise<readonly string[]>;
  find(id: string): Promise<Followed | undefined>;
}

/** A media whose events somebody wants. */
export interface Followed extends EventSource {
  readonly status: Status;
  readonly failureReason: string | null;
}

/** A media that nobody works on. */
export interface Leftover {
  readonly id: string;
  /** An interrupted removal, or an upload that was not completed, or one whose processing has not begun. */
  readonly kind: "removing" | "registered" | "uploaded";
  /** S3's sequencer of the version before; empty without any. */
  readonly sequencer: string;
  /** How often an `uploaded` media was taken before, since its upload or its creator's last retry. */
  readonly taken: number;
}

/** Media that are left over. */
export interface Leftovers {
  /** Takes up to `limit` media older than these ages in seconds; others do not get them for a while. */
  take(ages: {
    readonly removingSeconds: number;
    readonly uploadedSeconds: number;
    readonly registeredSeconds: number;
    readonly limit: number;
  }): Promise<readonly Leftover[]>;
  /** Registered becomes uploaded. */
  uploaded(id: string): Promise<void>;
  /** Fails a media whose processing has not begun; returns false if it has. */
  fail(id: string, reason: string): Promise<boolean>;
  /** Deletes the row of a media that is being removed. */
  forget(id: string): Promise<void>;
}

/** Objects of media, by the media's id. */
export interface SourceObjects {
  /** The current version of the source; undefined if it does not exist. */
  source(id: string): Promise<StoredSource | undefined>;
  /** Removes the source and the streams; can be repeated. */
  removeMedia(id: string): Promise<void>;
}

/** Progress of a media. */
export interface Progress {
  readonly status: Status;
  /** Progress in percent, 0 to 100. */
  readonly percent: number;
  /** Reason of a failure, for its creator. */
  readonly reason?: string | undefined;
  /** Time in ISO 8601. */
  readonly at: string;
}

/** Optional storage of progress; may lose entries, and never rejects. */
export interface ProgressBoard {
  write(id: string, progress: Progress): Promise<void>;
  read(id: string): Promise<Progress | undefined>;
}

/** Notified after each change of a media. */
export interface MediaChanges {
  changed(id: string): Promise<void>;
}

/** Temporary folders of videos in processing. */
export interface JobFolders {
  /** Runs work with an empty folder, which is always removed afterwards. */
  use<Result>(work: (folder: string) => Promise<Result>): Promise<Result>;
}

export interface VideoTimes {
  readonly processingMs: number;
  /** Milliseconds since the upload arrived; undefined if unknown. */
  readonly sinceUploadMs: number | undefined;
}

/** Traces and metrics of videos. */
export interface VideoTelemetry {
  /** Runs work in the header's trace, or in a new one. */
  trace<Result>(
    video: { readonly id: string; readonly traceHeader: string | undefined },
    work: () => Promise<Result>,
  ): Promise<Result>;
  /** Records metrics of a ready video. */
  measureReady(times: VideoTimes): void;
  /** Records that a video failed because of its file. */
  measureRefused(reason: FailureCode): void;
}

/** Transcoding with ffmpeg. */
export interface Transcoder {
  /** ffprobe's raw output for a file; rejects with `UnprocessableVideoError` if it can't read the file. */
  probe(file: string, signal: AbortSignal): Promise<unknown>;
  /**
   * Runs ffmpeg; returns the end of its standard error. Rejects with `UnprocessableVideoError` if the file is at fault.
   */
  run(args: readonly string[], options: RunOptions): Promise<string>;
}

export interface RunOptions {
  /** Working folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Receives each line of its standard output. */
  readonly onLine: (line: string) => void;
}

export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}
