/** What the check calls: the API and the streams behind the public URL, and S3 by presigned URLs. */
export interface ProductOptions {
  /** Public URL of the product, without final slash. */
  readonly url: string;
  readonly fetch?: typeof fetch;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path below `/api`, such as `/media`. */
  readonly path: string;
  /** Identity token of the user pool. */
  readonly token?: string;
  readonly body?: object;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** What was asked and what came back, with the request's id and the start of the body: for error messages. */
  readonly summary: string;
}

/** Milliseconds until a request is given up: longer than API Gateway waits for the function. */
const REQUEST_TIMEOUT_MS = 30_000;
const SUMMARY_CHARACTERS = 200;

/** HTTP requests as browsers send them. Messages have no query of a URL, which can be a signature. */
export class Product {
  readonly url: string;
  private readonly fetch: typeof fetch;

  constructor({ url, fetch: send = fetch }: ProductOptions) {
    this.url = url;
    this.fetch = send;
  }

  /** Calls the API. */
  call({ method, path, token, body }: ApiRequest): Promise<Answer> {
    return this.send(`${this.url}/api${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  }

  /** Reads a file of a stream through CloudFront, with cookies or without. */
  read(path: string, cookies = ""): Promise<Answer> {
    return this.send(`${this.url}${path}`, { headers: cookies === "" ? {} : { cookie: cookies } });
  }

  /** Sends a request; rejects with what was asked if no answer comes in time. */
  async send(url: string, request: RequestInit): Promise<Answer> {
    const { origin, pathname } = new URL(url);
    const asked = `${request.method ?? "GET"} ${origin === this.url ? "" : origin}${pathname}`;
    try {
      const response = await this.fetch(url, {
        ...request,
        redirect: "manual",
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const { status, headers } = response;
      const bytes = Buffer.from(await response.arrayBuffer());
      const id = headers.get("x-request-id") ?? headers.get("x-amz-cf-id");
      const text = bytes.toString("utf8", 0, SUMMARY_CHARACTERS).replace(/\s+/g, " ");
      const about = id === null ? "" : ` (request ${id})`;
      return { status, headers, bytes, summary: `${asked} answered ${status}${about}: ${text}` };
    } catch (error) {
      throw new Error(`${asked} got no answer`, { cause: error });
    }
  }
}

/** The message of an error with those of its causes, where `fetch` says what happened. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
