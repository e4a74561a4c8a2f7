/** An error response of Grafana. */
export class GrafanaError extends Error {
  readonly status: number;

  constructor(request: string, { status, body }: { readonly status: number; readonly body: string }) {
    super(`Grafana answered ${request} with ${status}: ${body.slice(0, 300)}`);
    this.name = "GrafanaError";
    this.status = status;
  }
}

export interface GrafanaAccess {
  /** `https://g-….grafana-workspace.<region>.amazonaws.com` */
  readonly url: string;
  readonly token: string;
}

/** Timeout of a request in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Grafana's HTTP API. */
export class GrafanaApi {
  constructor(private readonly access: GrafanaAccess) {}

  /** Returns undefined for 404. Throws a GrafanaError for other errors. */
  async find<Answer>(path: string): Promise<Answer | undefined> {
    try {
      return await this.send<Answer>("GET", path);
    } catch (error) {
      if (error instanceof GrafanaError && error.status === 404) return undefined;
      throw error;
    }
  }

  async send<Answer>(method: "GET" | "POST" | "PUT", path: string, body?: object): Promise<Answer> {
    const { url, token } = this.access;
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      // Don't follow redirects: they would pass on the token.
      redirect: "error",
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new GrafanaError(`${method} ${path}`, { status: response.status, body: text });
    return JSON.parse(text) as Answer;
  }
}
