import type { Page } from "../../handlers/media/library";
import type { MediaAnswer, OwnMedia, OwnMediaItem, Ticket } from "../../handlers/media/playback";
import type { Begun, Urls } from "../../handlers/media/uploading";
import { ApiError } from "./errors";
import { retried } from "./retry";
import type { Session } from "./session";

interface Problem {
  readonly detail?: string;
  readonly message?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[];
}

/** Attempts of a removal, in about a minute: a processor stops when it renews its lease. */
const REMOVAL_ATTEMPTS = 8;

/** The media API on this page's host. Calls reject with an `ApiError`. */
export class Api {
  constructor(private readonly session: Pick<Session, "token">) {}

  /** The creator's own media, newest first. */
  list(cursor?: string): Promise<Page<OwnMediaItem>> {
    const query = new URLSearchParams({ limit: "20" });
    if (cursor !== undefined) query.set("cursor", cursor);
    return this.call("GET", `/me/media?${query}`);
  }

  find(id: string): Promise<MediaAnswer> {
    return this.ownOrPublic(`/media/${id}`);
  }

  /** Gets cookies for the stream. */
  play(id: string): Promise<Ticket["playback"]> {
    return this.ownOrPublic(`/media/${id}/playback`);
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

  /** The creator's own media, or else a public one. */
  private async ownOrPublic<Answer>(path: string): Promise<Answer> {
    return this.call<Answer>("GET", `/me${path}`).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return this.call<Answer>("GET", path);
      throw error;
    });
  }

  private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
    if (method !== "GET" || path.startsWith("/me/"))
      headers.authorization = `Bearer ${await this.session.token()}`;
    const request = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
    const response = await fetch(`/api${path}`, request).catch((error: Error) => {
      throw new ApiError(0, error.message);
    });
    const text = await response.text();
    if (response.ok) return (text === "" ? undefined : JSON.parse(text)) as Answer;
    const { detail, message, code, errors = [] } = problemOf(text);
    throw new ApiError(
      response.status,
      `${method} ${path}: ${response.status} ${detail ?? message ?? ""}`.trim(),
      { code, parameters: errors.map(({ parameter }) => parameter) },
    );
  }
}

/** The body of an error response, in RFC 9457's or API Gateway's format; empty for another. */
function problemOf(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}
