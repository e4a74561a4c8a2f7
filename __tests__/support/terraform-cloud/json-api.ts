/** A resource of the JSON:API format, https://jsonapi.org/format/. */
export interface JsonApiResource {
  readonly id: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, Relationship>>;
}

export interface Reference {
  readonly id: string;
  readonly type: string;
}

export interface Relationship {
  readonly data: Reference | readonly Reference[] | null;
}

/** What a handler answers: a status with a JSON:API document, or other content. */
export interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly type?: string;
  /** URL of a redirect. */
  readonly location?: string;
}

/** An error that the API answers. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail?: string,
  ) {
    super(`${status} ${title}`);
  }
}

const JSON_API = "application/vnd.api+json";

/** Answers with one resource, or a page with all of a list, and the resources that they refer to. */
export function answer(
  data: JsonApiResource | readonly JsonApiResource[],
  {
    status = 200,
    included = [],
  }: { readonly status?: number; readonly included?: readonly JsonApiResource[] } = {},
): Answer {
  const pagination = { "current-page": 1, "next-page": null, "prev-page": null, "total-pages": 1 };
  const document = Array.isArray(data)
    ? { data, included, meta: { pagination: { ...pagination, "total-count": data.length } } }
    : { data, included };
  return { status, body: JSON.stringify(document), type: JSON_API };
}

export function errorAnswer({ status, title, detail }: ApiError): Answer {
  const error = { status: String(status), title, ...(detail === undefined ? {} : { detail }) };
  return { status, body: JSON.stringify({ errors: [error] }), type: JSON_API };
}

export const nothing: Answer = { status: 204 };

/** The reference of a relationship to one resource. */
export function related(resource: Partial<JsonApiResource>, name: string): Reference | undefined {
  const data = resource.relationships?.[name]?.data;
  return data === null || data === undefined || Array.isArray(data) ? undefined : (data as Reference);
}
