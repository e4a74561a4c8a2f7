import { call } from "./call-api";

/** Somebody who has signed in, before the product's address. */
export interface Creator {
  /** The product: the edge. */
  readonly url: string;
  /** The identity token. */
  readonly token: string;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the product's `/api`: `/media`. */
  readonly path: string;
  readonly body?: object;
}

/**
 * Calls the API as a creator, again while it answers 503; an answer without a body is undefined. Throws with the
 * answer's beginning when it refuses.
 */
export async function fetchApi<Answer>(
  { url, token }: Creator,
  { method, path, body }: ApiRequest,
): Promise<Answer> {
  const { text } = await call(`${url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}
