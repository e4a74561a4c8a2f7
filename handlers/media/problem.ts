import type { HttpAnswer } from "../runtime/http";

/** A mistake in a request. */
export interface Mistake {
  /** Name of the query or path parameter, or path in the body: `parts.0.etag`. */
  readonly parameter: string;
  readonly detail: string;
}

/** Error statuses with the titles that RFC 9457 requires for type `about:blank`. */
const STATUS_TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

/** What a client error means, for programs that translate it. */
export const PROBLEM_CODES = [
  "changed",
  "invalid",
  "not-creator",
  "not-failed",
  "not-found",
  "not-ready",
  "not-unlisted",
  "processing",
  "quota-bytes",
  "quota-minutes",
  "quota-videos",
  "signed-out",
  "source-gone",
  "upload-aborted",
  "upload-complete",
  "upload-lost",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface ProblemOptions {
  /** Needed where clients tell errors of one status apart. */
  readonly code?: ProblemCode;
  readonly headers?: Readonly<Record<string, string>>;
  /** Additional members of the response. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** An error response: problem details by RFC 9457. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: keyof typeof STATUS_TITLES,
    readonly detail: string,
    private readonly options: ProblemOptions = {},
  ) {
    super(detail);
  }

  /** The response as `application/problem+json`; `instance` is the request's UUID. */
  toAnswer(requestId: string): HttpAnswer {
    const { code, headers, members } = this.options;
    const body = {
      type: "about:blank",
      title: STATUS_TITLES[this.status],
      status: this.status,
      detail: this.detail,
      instance: `urn:uuid:${requestId}`,
      code,
      ...members,
    };
    return {
      status: this.status,
      headers: { ...headers, "content-type": "application/problem+json", "cache-control": "no-store" },
      body: JSON.stringify(body),
    };
  }
}

/** Maximum mistakes in a response, and maximum characters of names from the caller. */
const DETAIL_LIMITS = { mistakes: 20, characters: 100 };

/** A problem with up to 20 mistakes, as text in `detail` and as list in `errors`. */
export function invalid(all: readonly Mistake[], status: 400 | 409 = 400): Problem {
  const mistakes = all
    .slice(0, DETAIL_LIMITS.mistakes)
    .map(({ parameter, detail }) => ({ parameter: parameter.slice(0, DETAIL_LIMITS.characters), detail }));
  const details = mistakes.map(({ parameter, detail }) => `${parameter} ${detail}`);
  const more = all.length - mistakes.length;
  const detail = [...details, ...(more > 0 ? [`and ${more} more mistakes`] : [])].join("; ");
  return new Problem(status, detail, { code: "invalid", members: { errors: mistakes } });
}
