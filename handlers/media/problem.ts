/** One thing that is wrong with a request. */
export interface Mistake {
  /** Name of the query or path parameter. */
  readonly parameter: string;
  readonly detail: string;
}

/** Statuses that mean a problem, with the titles that RFC 9457 asks for where the type is `about:blank`. */
const TITLES = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

export interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of the answer beyond those of RFC 9457. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** An answer that tells what went wrong: problem details by RFC 9457. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: keyof typeof TITLES,
    readonly detail: string,
    private readonly options: ProblemOptions = {},
  ) {
    super(detail);
  }

  /** As `application/problem+json`; `instance` names the request by its id, a UUID. */
  toResponse(requestId: string): Response {
    const { headers, members } = this.options;
    const body = {
      type: "about:blank",
      title: TITLES[this.status],
      status: this.status,
      detail: this.detail,
      instance: `urn:uuid:${requestId}`,
      ...members,
    };
    return Response.json(body, {
      status: this.status,
      headers: { ...headers, "content-type": "application/problem+json", "cache-control": "no-store" },
    });
  }
}

/** 400 with every mistake, in words in `detail` and one by one in `errors`. */
export function invalid(mistakes: readonly Mistake[]): Problem {
  const detail = mistakes.map(({ parameter, detail }) => `${parameter} ${detail}`).join("; ");
  return new Problem(400, detail, { members: { errors: mistakes } });
}
