import type { MediaPage } from "../../handlers/media/media";
import type { MediaAnswer, Ticket } from "../../handlers/media/playback";
import type { Begun, Urls } from "../../handlers/media/uploading";
import type { Session } from "./session";

/** An error response; `message` is the API's text. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 without a response. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  /** Whether the error is temporary. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

interface Problem {
  readonly detail?: string;
  readonly message?: string;
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[];
}

/** The media API on this page's host. Calls reject with an `ApiError`. */
export class Api {
  constructor(private readonly session: Pick<Session, "token">) {}

  list(cursor?: string): Promise<MediaPage> {
    const query = new URLSearchParams({ limit: "20" });
    if (cursor !== undefined) query.set("cursor", cursor);
    return this.call("GET", `/media?${query}`);
  }

  find(id: string): Promise<MediaAnswer> {
    return this.call("GET", `/media/${id}`);
  }

  /** Gets cookies for the stream. */
  play(id: string): Promise<Ticket["playback"]> {
    return this.call("GET", `/media/${id}/playback`);
  }

  begin(media: { title: string; contentType: string; sizeBytes: number }): Promise<Begun> {
    return this.call("POST", "/media", media);
  }

  urls(id: string, partNumbers: readonly number[]): Promise<Urls> {
    return this.call("POST", `/media/${id}/upload/parts`, { partNumbers });
  }

  complete(id: string, parts: readonly { partNumber: number; etag: string }[]): Promise<MediaAnswer> {
    return this.call("POST", `/media/${id}/upload/complete`, { parts });
  }

  abort(id: string): Promise<MediaAnswer> {
    return this.call("POST", `/media/${id}/upload/abort`);
  }

  async remove(id: string): Promise<void> {
    await this.call("DELETE", `/media/${id}`);
  }

  private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
    if (method !== "GET") headers.authorization = `Bearer ${await this.session.token()}`;
    const request = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
    const response = await fetch(`/api${path}`, request).catch((error: Error) => {
      throw new ApiError(0, error.message);
    });
    const text = await response.text();
    if (response.ok) return (text === "" ? undefined : JSON.parse(text)) as Answer;
    throw new ApiError(response.status, sentence(text) ?? `${method} ${path}: ${response.status}`);
  }
}

/** Error text of a response, from RFC 9457 or API Gateway's format. */
function sentence(text: string): string | undefined {
  try {
    const { detail, message, errors = [] } = JSON.parse(text) as Problem;
    const mistakes = errors.map((error) => `${error.parameter} ${error.detail}`).join("; ");
    return [detail ?? message, mistakes].filter(Boolean).join(": ") || undefined;
  } catch {
    return undefined;
  }
}
