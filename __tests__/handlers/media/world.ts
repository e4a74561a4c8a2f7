import { type MediaDependencies, mediaApp } from "../../../handlers/media/app";
import { failureOf } from "../../../handlers/media/failure-reasons";
import type { Media } from "../../../handlers/media/media";
import type {
  MediaChanges,
  MediaRegistry,
  NewMedia,
  Part,
  PartSize,
  PartUrl,
  Registered,
  ProcessingRequest,
  StoredPart,
  StoredSource,
  Upload,
  Uploads,
  Usage,
} from "../../../handlers/media/ports";
import { asked } from "../asked";
import { aMedia, MemoryCache, MemoryLog, MemoryRepository } from "../fakes";

/** Changes of a `MemoryRepository`'s rows, and what only the rows know. */
export class MemoryRegistry implements MediaRegistry {
  readonly known = new Map<string, { -readonly [Field in keyof Registered]: Registered[Field] }>();
  /** Ids of media that are being processed. */
  readonly busy = new Set<string>();

  constructor(private readonly repository: MemoryRepository) {}

  add(
    { owner, uploadId, description, shareToken, ...fields }: NewMedia,
    quotas: Usage,
  ): Promise<Media | undefined> {
    const { videos, bytes, minutes } = this.used(owner);
    if (videos >= quotas.videos || bytes + fields.sizeBytes > quotas.bytes || minutes >= quotas.minutes) {
      return Promise.resolve(undefined);
    }
    const media = aMedia({
      ...fields,
      owner,
      status: "registered",
      durationSeconds: null,
      width: null,
      height: null,
    });
    this.repository.rows.push(media);
    const { id, status, visibility, sizeBytes } = media;
    const state = { status, removing: false, failureReason: null };
    this.known.set(id, { id, ...state, visibility, sizeBytes, owner, uploadId });
    this.repository.descriptions.set(id, description);
    if (shareToken !== null) this.repository.shareTokens.set(id, shareToken);
    return Promise.resolve(media);
  }

  find(id: string): Promise<Registered | undefined> {
    const known = this.known.get(id);
    const row = this.repository.rows.find((row) => row.id === id);
    return Promise.resolve(
      known && {
        ...known,
        status: row?.status ?? known.status,
        visibility: row?.visibility ?? known.visibility,
        failureReason: row?.failureReason ?? known.failureReason,
      },
    );
  }

  change(id: string, changes: MediaChanges, shareToken: string): Promise<boolean> {
    const { rows, descriptions, shareTokens } = this.repository;
    const at = rows.findIndex((row) => row.id === id);
    const row = rows[at];
    if (row === undefined) return Promise.resolve(false);
    const { title = row.title, description, visibility = row.visibility } = changes;
    rows[at] = { ...row, title, visibility };
    if (description !== undefined) descriptions.set(id, description);
    if (visibility !== "unlisted") shareTokens.delete(id);
    else if (!shareTokens.has(id)) shareTokens.set(id, shareToken);
    return Promise.resolve(true);
  }

  share(id: string, shareToken: string): Promise<boolean> {
    const unlisted = this.repository.rows.some((row) => row.id === id && row.visibility === "unlisted");
    if (unlisted) this.repository.shareTokens.set(id, shareToken);
    return Promise.resolve(unlisted);
  }

  usage(owner: string): Promise<Usage> {
    return Promise.resolve(this.used(owner));
  }

  private used(owner: string): Usage {
    const own = this.repository.rows.filter((row) => row.owner === owner);
    const sum = (of: (media: Media) => number) => own.reduce((total, media) => total + of(media), 0);
    return {
      videos: own.length,
      bytes: sum(({ sizeBytes }) => sizeBytes),
      minutes: sum(({ durationSeconds }) => (durationSeconds ?? 0) / 60),
    };
  }

  uploaded(id: string): Promise<void> {
    this.end(id, "uploaded", null);
    return Promise.resolve();
  }

  aborted(id: string, { reason }: { readonly reason: string }): Promise<void> {
    this.end(id, "failed", reason);
    return Promise.resolve();
  }

  retried(id: string): Promise<string | undefined> {
    const at = this.repository.rows.findIndex((row) => row.id === id && row.status === "failed");
    const row = this.repository.rows[at];
    if (row === undefined) return Promise.resolve(undefined);
    this.repository.rows[at] = { ...row, status: "uploaded", failureReason: null, failure: null };
    return Promise.resolve("005A");
  }

  hide(id: string): Promise<{ inWork: boolean } | undefined> {
    const known = this.known.get(id);
    if (!known) return Promise.resolve(undefined);
    known.removing = true;
    this.repository.rows.splice(0, Infinity, ...this.repository.rows.filter((row) => row.id !== id));
    return Promise.resolve({ inWork: this.busy.has(id) });
  }

  forget(id: string): Promise<void> {
    this.known.delete(id);
    return Promise.resolve();
  }

  private end(id: string, status: Media["status"], failureReason: string | null): void {
    const known = this.known.get(id);
    if (known) known.uploadId = null;
    const at = this.repository.rows.findIndex((row) => row.id === id && row.status === "registered");
    const row = this.repository.rows[at];
    if (row) this.repository.rows[at] = { ...row, status, failureReason, failure: failureOf(failureReason) };
  }
}

/** S3 in memory: an upload is a list of parts; completed, it is a source with a size. */
export class MemoryUploads implements Uploads {
  readonly open = new Map<string, { id: string; trace?: string; parts: Map<number, StoredPart> }>();
  readonly sources = new Map<string, number>();
  /** Result of the next completion. */
  ending: "done" | "changed" = "done";
  /** Thrown once, after the next completion. */
  lost: Error | undefined;
  private count = 0;

  begin(id: string, { trace }: { trace?: string | undefined }): Promise<string> {
    const uploadId = `upload-${++this.count}`;
    this.open.set(uploadId, { id, parts: new Map(), ...(trace === undefined ? {} : { trace }) });
    return Promise.resolve(uploadId);
  }

  urls({ id, uploadId }: Upload, parts: readonly PartSize[], seconds: number): PartUrl[] {
    return parts.map(({ partNumber, sizeBytes }) => ({
      partNumber,
      url: `https://s3.example/${id}?upload=${uploadId}&part=${partNumber}&size=${sizeBytes}&seconds=${seconds}`,
    }));
  }

  parts({ uploadId }: Upload): Promise<StoredPart[] | undefined> {
    const upload = this.open.get(uploadId);
    return Promise.resolve(upload && [...upload.parts.values()]);
  }

  complete({ id, uploadId }: Upload, parts: readonly Part[]): Promise<"done" | "gone" | "changed"> {
    const upload = this.open.get(uploadId);
    if (!upload) return Promise.resolve("gone");
    if (this.ending === "changed") return Promise.resolve("changed");
    const sizes = parts.map(({ partNumber }) => upload.parts.get(partNumber)?.sizeBytes ?? NaN);
    this.sources.set(
      id,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    this.open.delete(uploadId);
    const { lost } = this;
    this.lost = undefined;
    return lost ? Promise.reject(lost) : Promise.resolve("done");
  }

  abort({ uploadId }: Upload): Promise<void> {
    this.open.delete(uploadId);
    return Promise.resolve();
  }

  source(id: string): Promise<StoredSource | undefined> {
    const sizeBytes = this.sources.get(id);
    return Promise.resolve(
      sizeBytes === undefined ? undefined : { sizeBytes, version: `version of ${id}`, etag: "e" },
    );
  }

  /** Like a PUT to a part's URL. */
  put(uploadId: string, partNumber: number, sizeBytes: number, etag = etagOf(partNumber)): Part {
    this.open.get(uploadId)?.parts.set(partNumber, { partNumber, etag, sizeBytes });
    return { partNumber, etag };
  }
}

export function etagOf(partNumber: number): string {
  return partNumber.toString(16).padStart(32, "0");
}

export const creator = "5f0c9a3e-0000-4000-8000-0000000c4ea7";
export const requestId = "8c1e5f0a-0000-4000-8000-00000000cafe";

export const PUBLIC_URL = "https://streamflow.example";

export interface Ask {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly caller?: string | undefined;
  readonly trace?: string;
}

/** The app with all its dependencies in memory. */
export function aWorld(rows: Media[] = [], more: Partial<MediaDependencies> = {}) {
  const repository = new MemoryRepository(rows);
  const registry = new MemoryRegistry(repository);
  const uploads = new MemoryUploads();
  const cache = new MemoryCache();
  const log = new MemoryLog();
  const removed: string[] = [];
  const objects = { remove: (id: string) => Promise.resolve(void removed.push(id)) };
  const tickets = {
    access: (id: string, until: number) =>
      Promise.resolve({
        cookies: [`CloudFront-Policy=${id}-${until}`, "CloudFront-Signature=s", "CloudFront-Key-Pair-Id=K"],
        query: `Policy=${id}-${until}&Signature=s&Key-Pair-Id=K`,
      }),
    signedPath: (path: string, until: number) => Promise.resolve(`${path}?until=${until}`),
  };
  const progress = new Map<string, { status: Media["status"]; percent: number }>();
  const notes = { read: (id: string) => Promise.resolve(progress.get(id)) };
  const requested: ProcessingRequest[] = [];
  const queue = { send: (request: ProcessingRequest) => Promise.resolve(void requested.push(request)) };
  const dependencies: MediaDependencies = {
    repository,
    registry,
    uploads,
    objects,
    tickets,
    notes,
    queue,
    cache,
    log,
    publicUrl: PUBLIC_URL,
    quotas: { videos: 1_000_000, bytes: 2 ** 50, minutes: 1_000_000 },
    ...more,
  };
  const app = mediaApp(dependencies);
  const ask = async (path: string, { method = "GET", body, caller = creator, trace }: Ask = {}) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const bindings = { requestId, ...(caller && { caller }), ...(trace && { trace }) };
    return asked(app, path, { ...init, headers }, bindings);
  };
  return {
    app,
    ask,
    dependencies,
    ...dependencies,
    repository,
    registry,
    uploads,
    cache,
    log,
    progress,
    removed,
    requested,
  };
}
