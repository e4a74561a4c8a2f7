import type { Page } from "../../handlers/media/library";
import type { MediaAnswer, OwnMedia, OwnMediaItem, Ticket } from "../../handlers/media/playback";
import type { Status, Visibility } from "../../handlers/media/media";
import type { Begun, UploadState, Urls } from "../../handlers/media/uploading";
import { ApiError, UserPoolError } from "./errors";
import { retried } from "./retry";
import type { Session } from "./session";

interface Problem {
  readonly detail?: string;
  readonly message?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[];
}

/** Milliseconds until a request without an answer is given up; API Gateway answers within 29 s. */
const ANSWER_TIMEOUT_MS = 35_000;
/** Attempts of a removal, in about a minute: a processor stops when it renews its lease. */
const REMOVAL_ATTEMPTS = 8;

/** What a creator may change. */
export interface MediaChanges {
  readonly title?: string;
  readonly description?: string;
  readonly visibility?: Visibility;
}

/** The media API on this page's host, for a signed-in creator or, without session, for a viewer. */
export class Api {
  constructor(private readonly session: Pick<Session, "token"> | undefined) {}

  /** The creator's own media, newest first. */
  list({
    status,
    cursor,
  }: {
    status?: Status | undefined;
    cursor?: string | undefined;
  }): Promise<Page<OwnMediaItem>> {
    const query = new URLSearchParams({ limit: "20" });
    if (status !== undefined) query.set("status", status);
    if (cursor !== undefined) query.set("cursor", cursor);
    return this.call("GET", `/me/media?${query}`);
  }

  /** A media of the creator. */
  find(id: string): Promise<OwnMedia> {
    return this.call("GET", `/me/media/${id}`);
  }

  /** A media for a viewer: the creator's own, a public one, or an unlisted one by the token of its link. */
  watch(id: string, share: string | undefined): Promise<MediaAnswer> {
    return this.ownOrShared(`/media/${id}`, share);
  }

  /** Sets cookies for the stream. */
  play(id: string, share: string | undefined): Promise<Ticket["playback"]> {
    return this.ownOrShared(`/media/${id}/playback`, share);
  }

  change(id: string, changes: MediaChanges): Promise<OwnMedia> {
    return this.call("PATCH", `/media/${id}`, changes);
  }

  /** Replaces the link of an unlisted media; the link before stops working. */
  renewLink(id: string): Promise<OwnMedia> {
    return this.call("POST", `/media/${id}/share`);
  }

  /** Processes a failed media again. */
  retry(id: string): Promise<OwnMedia> {
    return this.call("POST", `/media/${id}/retry`);
  }

  /** What has arrived of an unfinished upload. */
  arrived(id: string): Promise<UploadState> {
    return this.call("GET", `/me/media/${id}/upload`);
  }

  begin(media: { title: string; contentType: string; sizeBytes: number }): Promise<Begun> {
    return this.call("POST", "/media", media);
  }

  urls(id: string, partNumbers: readonly number[]): Promise<Urls> {
    return this.call("POST", `/media/${id}/upload/parts`, { partNumbers });
  }

  complete(id: string, parts: readonly { partNumber: number; etag: string }[]): Promise<OwnMedia> {
    return this.call("POST", `/media/${id}/upload/complete`, { parts });
  }

  abort(id: string): Promise<OwnMedia> {
    return this.call("POST", `/media/${id}/upload/abort`);
  }

  /** Removes a video; one in work is removed when its processor has stopped. */
  async remove(id: string): Promise<void> {
    await retried(() => this.call("DELETE", `/media/${id}`), {
      attempts: REMOVAL_ATTEMPTS,
      signal: new AbortController().signal,
      again: (error) => error instanceof ApiError && error.code === "processing",
    });
  }

  private async ownOrShared<Answer>(path: string, share: string | undefined): Promise<Answer> {
    const query = share === undefined ? "" : `?${new URLSearchParams({ share })}`;
    const shared = () => this.call<Answer>("GET", `${path}${query}`);
    if (this.session === undefined) return shared();
    return this.call<Answer>("GET", `/me${path}`).catch((error: unknown) => {
      // 401: the session has expired, which keeps nobody from watching.
      const isOther = error instanceof ApiError && [401, 404].includes(error.status);
      if (isOther || (error instanceof UserPoolError && error.hasEnded)) return shared();
      throw error;
    });
  }

  private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
    if (method !== "GET" || path.startsWith("/me/")) {
      if (this.session === undefined)
        throw new ApiError(401, `${method} ${path} needs a session`, { code: "signed-out" });
      headers.authorization = `Bearer ${await this.session.token().catch(orUnreachable)}`;
    }
    const response = await fetch(`/api${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    }).catch(orUnreachable);
    const text = await response.text().catch(orUnreachable);
    if (response.ok) return (text === "" ? undefined : JSON.parse(text)) as Answer;
    const { detail, message, code, errors = [] } = problemOf(text);
    throw new ApiError(
      response.status,
      `${method} ${path}: ${response.status} ${detail ?? message ?? ""}`.trim(),
      { code, parameters: errors.map(({ parameter }) => parameter) },
    );
  }
}

/** Rejects with an error that may pass, unless the user pool no longer accepts the session. */
function orUnreachable(error: Error): never {
  throw error instanceof UserPoolError && error.hasEnded ? error : new ApiError(0, error.message);
}

/** The body of an error response, in RFC 9457's or API Gateway's format; empty for another. */
function problemOf(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}
