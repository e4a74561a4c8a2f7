import { retried } from "../../handlers/services/retry";

/** An answer of the local API. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Milliseconds from the request to the end of the response. */
  readonly duration: number;
}

/** Milliseconds of retries after 503: on a busy machine, first connections and S3 are slow. */
const UNAVAILABLE_RETRY_MS = 60_000;

class ServiceUnavailableError extends Error {}

/** Calls the API, with retries after 503. Throws with the start of the response if it fails. */
export function call(url: string, request: RequestInit = {}): Promise<Answer> {
  return retried(() => callOnce(url, request), {
    patience: UNAVAILABLE_RETRY_MS,
    mayPass: (error) => error instanceof ServiceUnavailableError,
  });
}

async function callOnce(url: string, request: RequestInit): Promise<Answer> {
  const began = Date.now();
  const response = await fetch(url, request);
  const text = await response.text();
  if (response.ok) return { status: response.status, text, duration: Date.now() - began };
  const message = `${request.method ?? "GET"} ${url} answered ${response.status}: ${text.slice(0, 500)}`;
  throw response.status === 503 ? new ServiceUnavailableError(message) : new Error(message);
}
