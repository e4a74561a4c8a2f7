import type { OwnMedia } from "../../handlers/media/playback";
import type { Begun, Urls } from "../../handlers/media/uploading";
import type { Api } from "./api";
import { ApiError } from "./errors";
import { forgetFile, rememberFile } from "./known-files";
import { patiently, type PartsToSend, type SentPart, sendParts } from "./send-parts";
import type { UploadPhase } from "./upload-phase";

/** An upload of this page. */
export interface Upload {
  /** Identifies it on this page. */
  readonly key: number;
  /** Id of its media; undefined before it is registered. */
  readonly id: string | undefined;
  readonly title: string;
  readonly totalBytes: number;
  readonly sentBytes: number;
  readonly phase: UploadPhase;
  /** Why it failed. */
  readonly error?: unknown;
}

/** A file to upload: as a new media, or as the rest of an unfinished one. */
export interface FileToUpload {
  readonly title: string;
  readonly file: File;
  /** Id of the media whose upload is unfinished. */
  readonly id?: string;
}

interface Place {
  readonly id: string;
  readonly partSizeBytes: number;
  readonly stored: readonly SentPart[];
  readonly urls?: Urls;
}

interface Entry {
  readonly file: File;
  state: Upload;
  stop: AbortController;
}

export interface UploadEvents {
  /** Called after every change, with all uploads in the order in which they were added. */
  readonly onChange: (uploads: readonly Upload[]) => void;
  /** Called when a media has been uploaded. */
  readonly onFinished: (media: OwnMedia) => void;
  /** Called with the id of a media whose upload was cancelled. */
  readonly onRemoved: (id: string) => void;
}

/**
 * The uploads of this page, one file at a time. They do not depend on what the page shows. What has arrived stays at S3,
 * so an upload continues after a pause, a lost network, or on another device.
 */
export class UploadManager {
  private readonly entries = new Map<number, Entry>();
  private lastKey = 0;
  private running: { readonly entry: Entry; readonly ended: Promise<void> } | undefined;

  constructor(
    private readonly api: Api,
    private readonly events: UploadEvents,
  ) {}

  add(files: readonly FileToUpload[]): void {
    for (const { title, file, id } of files) {
      const key = ++this.lastKey;
      const state: Upload = { key, id, title, totalBytes: file.size, sentBytes: 0, phase: "queued" };
      this.entries.set(key, { file, state, stop: new AbortController() });
    }
    this.changed();
    this.next();
  }

  pause(key: number): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.change(entry, { phase: "paused" });
    entry.stop.abort();
  }

  /** Continues a paused upload, or tries a failed one again. */
  resume(key: number): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    entry.stop = new AbortController();
    this.change(entry, { phase: "queued", error: undefined });
    this.next();
  }

  /** Gives an upload up. Resolves when its media is removed, if the API can be reached. */
  async cancel(key: number): Promise<void> {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    entry.stop.abort();
    this.changed();
    // It may be about to be registered.
    if (this.running?.entry === entry) await this.running.ended;
    const { id } = entry.state;
    if (id === undefined) return;
    forgetFile(id);
    // What is complete, perhaps by another tab, is kept.
    const isAborted = await this.api.abort(id).then(
      () => true,
      () => false,
    );
    if (!isAborted) return;
    await this.api.remove(id).catch(() => undefined);
    this.events.onRemoved(id);
  }

  /** Stops all uploads; what has arrived stays. */
  stop(): void {
    for (const { stop } of this.entries.values()) stop.abort();
    this.entries.clear();
    this.changed();
  }

  private changed(): void {
    this.events.onChange([...this.entries.values()].map(({ state }) => state));
  }

  private change(entry: Entry, changes: Partial<Upload>): void {
    entry.state = { ...entry.state, ...changes };
    this.changed();
  }

  /** Starts the first upload of the queue, unless one is under way. */
  private next(): void {
    if (this.running !== undefined) return;
    const entry = [...this.entries.values()].find(({ state }) => state.phase === "queued");
    if (entry === undefined) return;
    const ended = this.run(entry).finally(() => {
      this.running = undefined;
      this.next();
    });
    this.running = { entry, ended };
  }

  private async run(entry: Entry): Promise<void> {
    const { signal } = entry.stop;
    this.change(entry, { phase: "sending" });
    try {
      const media = await this.send(entry, signal).catch((error: unknown) => this.completed(entry, error));
      this.entries.delete(entry.state.key);
      this.changed();
      this.events.onFinished(media);
    } catch (error) {
      if (!signal.aborted) this.change(entry, { phase: "failed", error });
    }
  }

  /** The media of an upload that another tab or device has completed. Rejects with the error if it is another one. */
  private completed({ state: { id } }: Entry, error: unknown): Promise<OwnMedia> {
    if (id === undefined || !(error instanceof ApiError) || error.code !== "upload-complete") throw error;
    forgetFile(id);
    return this.api.find(id);
  }

  private async send(entry: Entry, signal: AbortSignal): Promise<OwnMedia> {
    const reports: Pick<PartsToSend, "signal" | "onWaiting" | "onProgress"> = {
      signal,
      onWaiting: (waiting) => {
        if (!signal.aborted) this.change(entry, { phase: waiting ? "waiting" : "sending" });
      },
      onProgress: (sentBytes) => this.change(entry, { sentBytes }),
    };
    const place = await this.placeOf(entry, reports);
    const parts = await sendParts(this.api, { ...place, file: entry.file, ...reports });
    const media = await patiently(() => this.api.complete(place.id, parts), reports);
    forgetFile(place.id);
    return media;
  }

  /** Registers the file, or asks what of it has arrived. */
  private async placeOf(entry: Entry, reports: Pick<PartsToSend, "signal" | "onWaiting">): Promise<Place> {
    const { file, state } = entry;
    const { id, title } = state;
    if (id !== undefined) {
      const { partSizeBytes, parts } = await patiently(() => this.api.arrived(id), reports);
      return { id, partSizeBytes, stored: parts };
    }
    // Not repeated by itself: each attempt whose answer is lost registers another media.
    const fields = { title, contentType: typeOf(file), sizeBytes: file.size };
    const { media, upload }: Begun = await this.api.begin(fields);
    this.change(entry, { id: media.id });
    rememberFile(media.id, file);
    return { id: media.id, partSizeBytes: upload.partSizeBytes, stored: [], urls: upload };
  }
}

/** MIME type of a file; browsers don't know some, such as Matroska. */
function typeOf({ type, name }: File): string {
  if (type.startsWith("video/")) return type;
  return /\.mkv$/i.test(name) ? "video/x-matroska" : "video/mp4";
}
