import * as z from "zod/mini";
import type { HttpRequest } from "../runtime/http";
import { decodeCursor } from "./cursor";
import { LIMITS } from "./limits";
import { type OwnPageQuery, type PageQuery, type Position, STATUSES } from "./media";
import type { LargestSize } from "./oembed";
import { invalid, type Mistake, Problem } from "./problem";
import type { Schema } from "./schemas";

const GIVEN_TWICE_MESSAGE = "must be given once";

/** A parameter that is given twice is a list. */
const once = z.string(GIVEN_TWICE_MESSAGE);

const limit = z.pipe(
  once.check(z.regex(/^([1-9]\d?|100)$/, "must be a whole number from 1 to 100")),
  z.transform((text) => Number(text)),
);

const status = z.enum(STATUSES, {
  error: ({ input }) =>
    Array.isArray(input) ? GIVEN_TWICE_MESSAGE : `must be one of ${STATUSES.join(", ")}`,
});

const cursor = z.pipe(
  once,
  z.transform((text, context): Position => {
    const position = decodeCursor(text);
    if (position !== undefined) return position;
    context.issues.push({
      code: "custom",
      message: "must be the nextCursor of an earlier response",
      input: text,
    });
    return z.NEVER;
  }),
);

const page = { limit: z._default(limit, 20), cursor: z.exactOptional(cursor) };

/** Query of `GET /media`. */
export const listQuery = z.object(page);
/** Query of `GET /me/media`. */
export const ownListQuery = z.object({ ...page, status: z.exactOptional(status) });
/** Query of a media that may be unlisted. */
export const shareQuery = z.object({ share: z.exactOptional(once) });

const pixels = z.exactOptional(
  z.pipe(
    once.check(z.regex(/^[1-9]\d{0,4}$/, "must be a whole number of pixels from 1 to 99999")),
    z.transform((text) => Number(text)),
  ),
);

/** Query of `GET /oembed`. */
export const oembedQuery = z.object({
  url: z.string({ error: ({ input }) => (input === undefined ? "is missing" : GIVEN_TWICE_MESSAGE) }),
  maxwidth: pixels,
  maxheight: pixels,
  format: z.exactOptional(z.literal("json", "must be json, the only format")),
});

/** Parameters of the paths. */
export const pathParameters = z.object({ id: z.guid("must be a UUID") });

type Query = Readonly<Record<string, readonly string[]>>;

/** Parses the query of `GET /media`; throws a `Problem` with every mistake. Ignores unknown parameters. */
export function readListQuery(query: Query): PageQuery {
  const { cursor: after, ...rest } = read(listQuery, single(query));
  return { ...rest, after };
}

/** Parses the query of `GET /me/media` in the same way. */
export function readOwnListQuery(query: Query): Omit<OwnPageQuery, "owner"> {
  const { cursor: after, ...rest } = read(ownListQuery, single(query));
  return { ...rest, after };
}

/** The token of a link; throws a `Problem` if it is given twice. */
export function readShare(query: Query): string | undefined {
  return read(shareQuery, single(query)).share;
}

/** Parses the query of `GET /oembed`; throws a `Problem` with every mistake. */
export function readOEmbedQuery(query: Query): { readonly url: string } & LargestSize {
  return read(oembedQuery, single(query));
}

/** Parameters that are given once as their value. */
function single(query: Query): object {
  return Object.fromEntries(
    Object.entries(query).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

/** Parses a media id; throws a `Problem` if it is invalid. */
export function readId(text: string): string {
  return read(pathParameters, { id: text }).id.toLowerCase();
}

/** Parses a body; throws a `Problem` with every mistake, including unknown members. */
export function readBody<Value>({ header, body }: HttpRequest, schema: Schema<Value>): Value {
  const type = header("content-type") ?? "application/json";
  if (!/^\s*application\/json\s*(?:;|$)/i.test(type)) {
    throw new Problem(415, `the body must be application/json, got ${type.slice(0, 100)}`);
  }
  if (body.length > LIMITS.bodyBytes) {
    throw new Problem(413, `the body must have at most ${LIMITS.bodyBytes} bytes, got ${body.length}`);
  }
  return read(schema, parse(body));
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw invalid([{ parameter: "body", detail: "must be JSON in UTF-8" }]);
  }
}

function read<Value>(schema: Schema<Value>, input: unknown): Value {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap(mistakesOf));
}

function mistakesOf(issue: z.core.$ZodIssue): Mistake[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ parameter: [...path, key].join("."), detail: "is unknown" }));
  }
  if (path.length === 0) {
    const detail = issue.code === "custom" ? issue.message : "must be a JSON object";
    return [{ parameter: "body", detail }];
  }
  return [{ parameter: path.join("."), detail: issue.message || "is invalid" }];
}
