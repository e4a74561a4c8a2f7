import { call } from "./call-api";

/** A signed-in creator and the product's address. */
export interface Creator {
  /** URL of the product, which the edge serves. */
  readonly url: string;
  /** Identity token of the user pool. */
  readonly token: string;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path below the product's `/api`, such as `/media`. */
  readonly path: string;
  readonly body?: object;
}

/**
 * Calls the API as a creator, with retries after 503; returns undefined if there is no body. Throws with the start of
 * the response if it fails.
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
