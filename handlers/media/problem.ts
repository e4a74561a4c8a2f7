/** One thing that is wrong with a request. */
export interface Mistake {
  /** Where: `query.limit`, `path.id`. */
  readonly at: string;
  readonly detail: string;
}

/** An answer that tells what went wrong, as problem details (RFC 9457). */
export class Problem extends Error {
  constructor(
    /** HTTP status. */
    readonly status: 400 | 404 | 405 | 500 | 503,
    readonly title: string,
    readonly detail: string,
    readonly mistakes: readonly Mistake[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = "Problem";
  }

  /** As `application/problem+json`; `instance` is the id under which the request is logged. */
  toResponse(instance: string): Response {
    const body = {
      type: "about:blank",
      title: this.title,
      status: this.status,
      detail: this.detail,
      instance: `urn:request:${instance}`,
      ...(this.mistakes.length === 0 ? {} : { errors: this.mistakes }),
    };
    return Response.json(body, {
      status: this.status,
      headers: { ...this.headers, "content-type": "application/problem+json", "cache-control": "no-store" },
    });
  }
}

export const invalid = (mistakes: readonly Mistake[]): Problem =>
  new Problem(
    400,
    "Invalid request",
    mistakes.map(({ at, detail }) => `${at} ${detail}`).join("; "),
    mistakes,
  );

export const notFound = (detail: string): Problem => new Problem(404, "Not found", detail);
