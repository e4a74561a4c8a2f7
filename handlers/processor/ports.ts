import type { Status } from "../media/media";
import type { SourceVersion } from "./message";

/** A message as a queue hands it out. */
export interface Message {
  readonly id: string;
  readonly body: string;
  /** What it is hidden and deleted by, until it is received again. */
  readonly receipt: string;
  /** How often it was received, this time included. */
  readonly receives: number;
  /** X-Ray's header of who sent it, where there is one. */
  readonly trace?: string | undefined;
}

/** A queue that hands a message out again when it was neither deleted nor hidden for longer. */
export interface Queue {
  /** Up to `count` messages, as soon as there is one; none after a while. */
  receive(count: number): Promise<readonly Message[]>;
  /** Hides a message for so many seconds from now; 0 hands it back at once. */
  hide(message: Message, seconds: number): Promise<void>;
  delete(message: Message): Promise<void>;
}

/** Where sources come from and streams go to. Failures that may pass are tried again until the signal comes. */
export interface Objects {
  /** Undefined when it is gone. */
  head(source: SourceVersion): Promise<SourceHead | undefined>;
  download(source: SourceVersion, file: string, signal: AbortSignal): Promise<void>;
  upload(upload: Upload): Promise<void>;
}

export interface SourceHead {
  readonly sizeBytes: number;
  /** X-Ray's header of the request that the source was uploaded for. */
  readonly trace: string | undefined;
}

export interface Upload {
  readonly key: string;
  /** Path of the file. */
  readonly file: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

export interface Headers {
  readonly contentType: string;
  readonly cacheControl: string;
}

/** What became of the wish to process a version of a media. */
export type Claim =
  /** It is the caller's, until the lease ends. */
  | { readonly kind: "claimed" }
  /** The version, or a newer one, has been processed. */
  | { readonly kind: "done" }
  /** The same message has failed for good. */
  | { readonly kind: "hopeless" }
  /** No such media. */
  | { readonly kind: "unknown" }
  /** Somebody works on it, and has it for so many seconds more; on behalf of the same message, or of another. */
  | { readonly kind: "busy"; readonly seconds: number; readonly sameMessage: boolean };

/** Who works on what: a lease on a media, which its owner must renew. */
export interface Lease {
  readonly id: string;
  /** A UUID, of this piece of work alone. */
  readonly owner: string;
}

export interface ClaimRequest {
  readonly source: SourceVersion;
  readonly messageId: string;
  readonly lease: Lease;
  /** How long the lease lasts when it is not renewed. */
  readonly seconds: number;
}

export interface Processed {
  /** `stream/<id>/<run>/` */
  readonly playbackPath: string;
  /** Pixels of the source, as it is shown. */
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
}

/** The status of media. Whatever answers a boolean says false when the lease is another's by now. */
export interface Statuses {
  claim(request: ClaimRequest): Promise<Claim>;
  renew(lease: Lease, seconds: number): Promise<boolean>;
  /** As `renew`, but waits for a store that is away. */
  confirm(lease: Lease, seconds: number): Promise<boolean>;
  ready(lease: Lease, processed: Processed): Promise<boolean>;
  /** For good: the same message changes nothing any more. */
  failed(lease: Lease, reason: string): Promise<boolean>;
  /** Fails what may succeed when its message is put back into the queue. */
  givenUp(lease: Lease, reason: string): Promise<boolean>;
  /** Ends the lease and leaves the status: the next may begin. */
  release(lease: Lease): Promise<void>;
  /** Fails what has been without a lease for so many seconds; answers the ids. */
  failAbandoned(seconds: number, reason: string): Promise<readonly string[]>;
  find(id: string): Promise<{ readonly status: Status; readonly failureReason: string | null } | undefined>;
}

/** How far a media has come. */
export interface Progress {
  readonly status: Status;
  /** 0 to 100. */
  readonly percent: number;
  /** Why it failed, in words for its creator. */
  readonly reason?: string | undefined;
  /** ISO 8601. */
  readonly at: string;
}

/** A convenience: it may forget, and never rejects. */
export interface ProgressBoard {
  write(id: string, progress: Progress): Promise<void>;
  read(id: string): Promise<Progress | undefined>;
}

/** Told after each change of a media. */
export interface MediaChanges {
  changed(id: string): Promise<void>;
}

/** Where the files of one video are while it is processed. */
export interface JobFolders {
  /** Runs work with an empty folder, which is removed however the work ends. */
  use<Result>(work: (folder: string) => Promise<Result>): Promise<Result>;
}

export interface VideoTimes {
  readonly processingMs: number;
  /** Since the upload arrived; undefined when S3 did not say when. */
  readonly sinceUploadMs: number | undefined;
}

/** Traces and metrics of videos. */
export interface VideoTelemetry {
  /** Runs a piece of work as part of the trace that the header tells of, or of a new one. */
  trace<Result>(
    video: { readonly id: string; readonly traceHeader: string | undefined },
    work: () => Promise<Result>,
  ): Promise<Result>;
  /** Measures a video that is ready. */
  measureReady(times: VideoTimes): void;
}

/** What makes streams of files. */
export interface Transcoder {
  /** What ffprobe says of a file, as it says it; rejects with `UnprocessableVideoError` when it can make nothing of it. */
  probe(file: string, signal: AbortSignal): Promise<unknown>;
  /** Runs ffmpeg; answers the end of what it said to standard error. Rejects with `UnprocessableVideoError` when the file is at fault. */
  run(args: readonly string[], options: RunOptions): Promise<string>;
}

export interface RunOptions {
  /** Where relative paths begin. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told each line of its standard output. */
  readonly onLine: (line: string) => void;
}

export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}
