import { randomUUID } from "node:crypto";
import { type Claim, owned, unknown } from "./creators";
import { type Failure, failureOf, failureReason } from "./failure-reasons";
import type { Library } from "./library";
import { LIMITS, partSizeOf, partsOf } from "./limits";
import { type Media, Unavailable } from "./media";
import type {
  MediaRegistry,
  NewMedia,
  Part,
  PartUrl,
  Registered,
  StoredPart,
  Upload,
  Uploads,
  Usage,
} from "./ports";
import { invalid, type Mistake, Problem } from "./problem";
import { checkQuotas } from "./quotas";
import { newShareToken } from "./sharing";

export interface UploadingDependencies {
  readonly registry: MediaRegistry;
  readonly uploads: Uploads;
  readonly library: Library;
  /**
   * Largest source in bytes that processors have room for.
   * @default the API's limit
   */
  readonly maxSourceBytes?: number;
  /** What a creator may upload within 24 hours. */
  readonly quotas: Usage;
}

/** The caller, and the request's trace. */
export interface Asker {
  /** Cognito sub of the caller. */
  readonly caller: string;
  /** X-Ray trace header of the request. */
  readonly trace?: string | undefined;
}

export interface Urls {
  readonly parts: readonly PartUrl[];
  /**
   * Latest expiry of the URLs, ISO 8601. They end with the session of the function that signed them, which Lambda does not say
   * the end of: https://repost.aws/knowledge-center/presigned-url-s3-bucket-expiration
   */
  readonly expiresAt: string;
}

export interface Begun {
  readonly media: Media;
  readonly upload: Urls & {
    /** Size of every part except the last, in bytes. */
    readonly partSizeBytes: number;
  };
}

/** What a caller says of a new media. */
type Beginning = Pick<NewMedia, "title" | "contentType" | "sizeBytes"> &
  Partial<Pick<NewMedia, "description" | "visibility">>;

/** How far an upload is. */
export interface UploadState {
  /** Size of every part except the last, in bytes. */
  readonly partSizeBytes: number;
  /** Size of the source in bytes. */
  readonly sizeBytes: number;
  /** Parts that have arrived as a whole. */
  readonly parts: readonly StoredPart[];
}

/** Lifetime of URLs in seconds. */
const URL_LIFETIME_SECONDS = 3_600;
/** Uploads of sources: in parts, directly to S3. */
export class Uploading {
  constructor(private readonly dependencies: UploadingDependencies) {}

  /**
   * Registers a media and starts its upload. The upload is started first: an unregistered one contains nothing, and S3
   * removes it after a few days. The quotas are checked before, and again with those that are begun at the same time.
   */
  async begin(fields: Beginning, { caller, trace }: Asker): Promise<Begun> {
    const { registry, uploads, library, maxSourceBytes = LIMITS.sizeBytes } = this.dependencies;
    const id = randomUUID();
    const { contentType, sizeBytes } = fields;
    if (sizeBytes > maxSourceBytes) {
      throw invalid([{ parameter: "sizeBytes", detail: `must be at most ${maxSourceBytes} bytes` }]);
    }
    const { quotas } = this.dependencies;
    const check = async () => checkQuotas(await registry.usage(caller), quotas, sizeBytes);
    await check();
    const uploadId = await uploads.begin(id, { contentType, trace });
    const { description = "", visibility = "private" } = fields;
    const shareToken = visibility === "unlisted" ? newShareToken() : null;
    const registered = { ...fields, description, visibility, id, uploadId, owner: caller, shareToken };
    const media = await registry.add(registered, quotas);
    if (media === undefined) {
      await uploads.abort({ id, uploadId });
      await check();
      throw new Unavailable("the quota was just used up, and is free again");
    }
    await library.changed(id);
    const urls = this.urlsOf({ id, uploadId }, partsOf(sizeBytes));
    return { media, upload: { partSizeBytes: partSizeOf(sizeBytes), ...urls } };
  }

  /** New URLs for parts; numbers may repeat. */
  async urls(id: string, partNumbers: readonly number[], { caller }: Asker): Promise<Urls> {
    const media = await this.find({ id, caller });
    if (media.status !== "registered" || media.uploadId === null) throw closed(media);
    const parts = partsOf(media.sizeBytes);
    const mistakes = partNumbers.flatMap((number, index): Mistake[] =>
      number <= parts.length
        ? []
        : [{ parameter: `partNumbers.${index}`, detail: `must be from 1 to ${parts.length}` }],
    );
    if (mistakes.length > 0) throw invalid(mistakes);
    const wanted = new Set(partNumbers);
    return this.urlsOf(
      { id, uploadId: media.uploadId },
      parts.filter(({ partNumber }) => wanted.has(partNumber)),
    );
  }

  /** The parts that S3 has, so that another device can resume the upload. */
  async state(id: string, { caller }: Asker): Promise<UploadState> {
    const media = await this.find({ id, caller });
    const { status, uploadId, sizeBytes } = media;
    if (status !== "registered" || uploadId === null) throw closed(media);
    const stored = await this.dependencies.uploads.parts({ id, uploadId });
    if (stored === undefined) throw closed(media);
    const sizes = new Map(partsOf(sizeBytes).map((part) => [part.partNumber, part.sizeBytes]));
    const parts = stored.filter((part) => sizes.get(part.partNumber) === part.sizeBytes);
    return { partSizeBytes: partSizeOf(sizeBytes), sizeBytes, parts };
  }

  /** Completes an upload; idempotent, because S3 may have completed it although the response was lost. */
  async complete(id: string, parts: readonly Part[], { caller }: Asker): Promise<void> {
    const { registry, uploads, library } = this.dependencies;
    const media = await this.find({ id, caller });
    const { status, uploadId } = media;
    if (status === "registered") {
      const stored = uploadId === null ? undefined : await uploads.parts({ id, uploadId });
      const done =
        uploadId === null || stored === undefined
          ? "gone"
          : await uploads.complete({ id, uploadId }, checked(media, parts, stored));
      if (done === "changed") {
        throw new Problem(409, "the parts changed during completion; try again", { code: "changed" });
      }
      if (done === "gone" && (await uploads.source(id)) === undefined) throw closed(media);
    } else if (wasAborted(media)) throw closed(media);
    await registry.uploaded(id);
    await library.changed(id);
  }

  /** Aborts an upload; idempotent. Throws a `Problem` if it is complete. */
  async abort(id: string, { caller }: Asker): Promise<void> {
    const { registry, uploads, library } = this.dependencies;
    const media = await this.find({ id, caller });
    if (wasAborted(media)) return;
    if (media.status !== "registered") throw arrived(id);
    if (media.uploadId !== null) await uploads.abort({ id, uploadId: media.uploadId });
    const tooLate = (await uploads.source(id)) !== undefined;
    await (tooLate ? registry.uploaded(id) : registry.aborted(id, { reason: failureReason("aborted") }));
    await library.changed(id);
    if (tooLate) throw arrived(id);
  }

  private async find({ id, caller }: Claim): Promise<Registered> {
    const media = await this.dependencies.registry.find(id);
    owned(media, { id, caller });
    if (media.removing) throw unknown(id);
    return media;
  }

  private urlsOf(upload: Upload, parts: ReturnType<typeof partsOf>): Urls {
    const expiresAt = new Date(Date.now() + URL_LIFETIME_SECONDS * 1_000).toISOString();
    return { parts: this.dependencies.uploads.urls(upload, parts, URL_LIFETIME_SECONDS), expiresAt };
  }
}

/** Reasons of failed media that have no source. */
const WITHOUT_SOURCE: ReadonlySet<Failure["code"]> = new Set(["aborted", "expired", "gone"]);

/** Whether the upload ended without a source. */
function wasAborted({ status, failureReason: reason }: Registered): boolean {
  const failure = failureOf(reason);
  return status === "failed" && failure !== null && WITHOUT_SOURCE.has(failure.code);
}

function closed(media: Registered): Problem {
  const upload = `the upload of the media ${media.id}`;
  if (wasAborted(media)) return new Problem(409, `${upload} was aborted`, { code: "upload-aborted" });
  return media.status === "registered"
    ? new Problem(409, `${upload} no longer exists in S3`, { code: "upload-lost" })
    : new Problem(409, `${upload} is already complete`, { code: "upload-complete" });
}

function arrived(id: string): Problem {
  return new Problem(409, `the upload of the media ${id} is complete: delete the media instead`, {
    code: "upload-complete",
  });
}

/** The parts in order; throws a `Problem` that lists wrong parts. */
function checked({ sizeBytes }: Registered, parts: readonly Part[], stored: readonly StoredPart[]): Part[] {
  const plan = partsOf(sizeBytes);
  const named = new Map(
    parts.map(({ partNumber, etag }) => [partNumber, etag.replaceAll('"', "").toLowerCase()]),
  );
  const there = new Map(stored.map((part) => [part.partNumber, part]));
  const mistakes = plan.flatMap(({ partNumber, sizeBytes: size }): Mistake[] => {
    const part = there.get(partNumber);
    const wrong = (detail: string): Mistake[] => [
      { parameter: "parts", detail: `part ${partNumber} ${detail}` },
    ];
    if (part === undefined) return wrong("has not arrived");
    if (part.sizeBytes !== size) return wrong(`has ${part.sizeBytes} bytes and must have ${size}`);
    if (!named.has(partNumber)) return wrong("is not listed");
    return named.get(partNumber) === part.etag.toLowerCase() ? [] : wrong(`has the ETag ${part.etag}`);
  });
  if (parts.length > named.size) mistakes.push({ parameter: "parts", detail: "must list each part once" });
  const more = [...named.keys()].filter((number) => number > plan.length);
  if (more.length > 0) mistakes.push({ parameter: "parts", detail: `must list ${plan.length} parts` });
  if (mistakes.length > 0) throw invalid(mistakes, 409);
  return plan.map(({ partNumber }) => ({ partNumber, etag: there.get(partNumber)?.etag ?? "" }));
}
