import type { HttpAnswer } from "../runtime/http";

/** One thing that is wrong with a request. */
export interface Mistake {
  /** Name of the query or path parameter, or path of a member of the body: `parts.0.etag`. */
  readonly parameter: string;
  readonly detail: string;
}

/** Statuses that mean a problem, with the titles that RFC 9457 asks for where the type is `about:blank`. */
const STATUS_TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
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
    readonly status: keyof typeof STATUS_TITLES,
    readonly detail: string,
    private readonly options: ProblemOptions = {},
  ) {
    super(detail);
  }

  /** As `application/problem+json`; `instance` names the request by its id, a UUID. */
  toAnswer(requestId: string): HttpAnswer {
    const { headers, members } = this.options;
    const body = {
      type: "about:blank",
      title: STATUS_TITLES[this.status],
      status: this.status,
      detail: this.detail,
      instance: `urn:uuid:${requestId}`,
      ...members,
    };
    return {
      status: this.status,
      headers: { ...headers, "content-type": "application/problem+json", "cache-control": "no-store" },
      body: JSON.stringify(body),
    };
  }
}

/** So many mistakes are told at once, with so many characters of a name that the caller chose. */
const DETAIL_LIMITS = { mistakes: 20, characters: 100 };

/** With every mistake, up to 20, in words in `detail` and one by one in `errors`. */
export function invalid(all: readonly Mistake[], status: 400 | 409 = 400): Problem {
  const mistakes = all
    .slice(0, DETAIL_LIMITS.mistakes)
    .map(({ parameter, detail }) => ({ parameter: parameter.slice(0, DETAIL_LIMITS.characters), detail }));
  const told = mistakes.map(({ parameter, detail }) => `${parameter} ${detail}`);
  const more = all.length - mistakes.length;
  const detail = [...told, ...(more > 0 ? [`and ${more} more mistakes`] : [])].join("; ");
  return new Problem(status, detail, { members: { errors: mistakes } });
}
