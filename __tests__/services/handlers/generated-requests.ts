import type { APIGatewayProxyEvent } from "aws-lambda";
import fc from "fast-check";
import { encodeCursor } from "../../../handlers/media/cursor";
import { LIMITS } from "../../../handlers/media/limits";
import { STATUSES, VISIBILITIES } from "../../../handlers/media/media";
import { etagOf } from "../../handlers/media/world";
import openapi from "../../../handlers/media/openapi.json";

/** Characters that have broken parsers before. */
const NASTY = fc.constantFrom(
  ...["", "0", "-1", "1e2", "1.5", "0x10", " 5", "101", "9007199254740993", "NaN", "null", "true"],
  ...["%00", "\u0000", "%0a", "%", "%zz", "%c3%28", "\ud83d", "é", "😀", "\ufeff", "＋", "٣", "\r\n\r\n"],
  ...["'", "' OR 1=1 --", "${7*7}", "{{7}}", "<Part>", "]]>", "&amp;", "../", "..%2f", "%2e%2e", "//", "\\"],
  ...["__proto__", "constructor", "toString", "[object Object]", "a=b", "&", "#", "?", "x".repeat(5_000)],
);
const text = fc.oneof(NASTY, fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 20 }));

/** Mostly valid values, and sometimes any other. */
const mostly = <Value>(meant: fc.Arbitrary<Value>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: meant },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: fc.jsonValue() },
  );

const etag = fc.stringMatching(/^[0-9a-f]{32}$/);
const partNumber = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -2, max: 1_002 }));

/** A body of the shape, sometimes with a missing or an additional member. */
function shape(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const some = fc.record(
    Object.fromEntries(Object.entries(members).map(([name, value]) => [name, mostly(value)])),
    { requiredKeys: [] },
  );
  const more = fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    fc.dictionary(text, fc.jsonValue(), { maxKeys: 2 }),
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.record(members) },
    { weight: 3, arbitrary: fc.tuple(some, more).map(([one, other]) => ({ ...one, ...other })) },
  );
}

const title = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
const description = fc.string({ unit: "grapheme", maxLength: 200 });
const visibility = fc.constantFrom(...VISIBILITIES);

const bodies = {
  media: shape({
    title,
    description,
    visibility,
    contentType: fc.constantFrom("video/mp4", "video/quicktime", "video/x-matroska"),
    sizeBytes: fc.oneof(
      fc.integer({ min: 1, max: 40_000_000 }),
      fc.integer({ min: -5, max: 2 * LIMITS.sizeBytes }),
    ),
  }),
  change: shape({ title, description, visibility }),
  parts: shape({
    partNumbers: fc.oneof(
      { weight: 3, arbitrary: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1 }) },
      fc.array(partNumber, { maxLength: 5 }),
    ),
  }),
  completion: shape({
    parts: fc.oneof(
      fc.constant([{ partNumber: 1, etag: etagOf(1) }]),
      fc.array(mostly(fc.record({ partNumber, etag })), { maxLength: 5 }),
    ),
  }),
};

const json = fc
  .oneof(bodies.media, bodies.change, bodies.parts, bodies.completion, fc.jsonValue({ maxDepth: 4 }))
  .map((value) => JSON.stringify(value));
const body = fc.oneof(
  { weight: 6, arbitrary: fc.record({ body: json, isBase64Encoded: fc.constant(false) }) },
  { weight: 1, arbitrary: fc.record({ body: text, isBase64Encoded: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      body: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("base64")),
      isBase64Encoded: fc.constant(true),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ body: null, isBase64Encoded: false }) },
);
/** Bodies by the operation that they are meant for. */
const fitting: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  "POST /media": bodies.media,
  "PATCH /media/{id}": bodies.change,
  "POST /media/{id}/upload/parts": bodies.parts,
  "POST /media/{id}/upload/complete": bodies.completion,
};
const huge = fc.constant({
  body: JSON.stringify({ title: "x".repeat(LIMITS.bodyBytes) }),
  isBase64Encoded: false,
});

export interface Known {
  /** Ids of existing media. */
  readonly ids: readonly string[];
  readonly creator: string;
  /** Token of the links of unlisted media. */
  readonly share: string;
  readonly publicUrl: string;
}

/** Every operation of the API's description. */
const OPERATIONS = Object.entries(openapi.paths).flatMap(([template, methods]) =>
  Object.keys(methods).map((method) => ({ template, method: method.toUpperCase() })),
);

/** Events of API Gateway with anything that a caller can put into them. */
export function requests({ ids, creator, share, publicUrl }: Known): fc.Arbitrary<APIGatewayProxyEvent> {
  const id = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...ids) },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: fc.constantFrom(...ids).map((id) => id.toUpperCase()) },
  );
  const filled = (template: string): fc.Arbitrary<string> =>
    id.map((one) => template.replace("{id}", () => one));
  const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  const content = fc.oneof({ weight: 100, arbitrary: body }, { weight: 8, arbitrary: huge });
  const contentFor = (operation: string): fc.Arbitrary<unknown> => {
    const meant = fitting[operation]?.map((value) => ({
      body: JSON.stringify(value),
      isBase64Encoded: false,
    }));
    return meant === undefined
      ? content
      : fc.oneof({ weight: 4, arbitrary: meant }, { weight: 1, arbitrary: content });
  };
  const operation = fc.constantFrom(...OPERATIONS).chain((one) =>
    fc.record({
      httpMethod: fc.constant(one.method),
      path: filled(one.template),
      content: contentFor(`${one.method} ${one.template}`),
    }),
  );
  const templates = [...Object.keys(openapi.paths), "/media/{id}/x", "/media/", "/", ""];
  const other = fc
    .constantFrom(...templates)
    .chain((one) => fc.record({ httpMethod: method, path: filled(one), content }));
  const target = fc.oneof(
    { weight: 9, arbitrary: operation },
    { weight: 2, arbitrary: other },
    {
      weight: 1,
      arbitrary: fc.record({ httpMethod: method, path: text.map((rest) => `/${rest}`), content }),
    },
  );
  const cursor = encodeCursor({ createdAt: "2026-01-01T00:00:00.000001Z", id: ids[0] ?? "" });
  const link = fc
    .tuple(fc.constantFrom("v", "watch", "embed"), id, fc.constantFrom("", `?share=${share}`, "?share=x"))
    .map(([page, one, token]) => `${publicUrl}/${page}/${one}${token}`);
  const meant: Readonly<Record<string, fc.Arbitrary<string>>> = {
    limit: fc.constantFrom("1", "20", "100"),
    status: fc.constantFrom(...STATUSES),
    cursor: fc.constantFrom(cursor, cursor.toLowerCase()),
    share: fc.constant(share),
    url: link,
    maxwidth: fc.integer({ min: 1, max: 3_000 }).map(String),
    maxheight: fc.integer({ min: 1, max: 3_000 }).map(String),
    format: fc.constantFrom("json", "xml"),
  };
  const good = fc.record(
    Object.fromEntries(Object.entries(meant).map(([name, one]) => [name, one.map((value) => [value])])),
    { requiredKeys: [] },
  );
  const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...Object.keys(meant)) }, text);
  const value = fc.oneof(text, ...Object.values(meant));
  const query = fc.oneof(
    { weight: 3, arbitrary: good },
    { weight: 2, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.dictionary(name, fc.array(value, { minLength: 1, maxLength: 2 }), { maxKeys: 3 }),
    },
  );
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constant("application/json") },
    fc.constantFrom(
      "application/json; charset=utf-8",
      "text/plain",
      "multipart/form-data",
      "application/xml",
    ),
    text,
  );
  const known = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("*", '"x"', 'W/"x", *').map((etag) => ({ "If-None-Match": [etag] })),
    },
  );
  const headers = fc
    .tuple(type, known, fc.dictionary(text, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }))
    .map(([type, known, more]) => ({ "Content-Type": [type], ...known, ...more }));
  const caller = fc.oneof(
    { weight: 8, arbitrary: fc.constant({ claims: { sub: creator } }) },
    fc.constantFrom({ claims: { sub: "somebody-else" } }, { claims: { sub: "" } }, { claims: { sub: 7 } }),
    fc.constantFrom(null, {}, { claims: null }, { claims: {} }),
  );
  return fc
    .record({ target, query, headers, caller, requestId: fc.uuid() })
    .map(({ target: { content, ...target }, query, headers, caller, requestId }) => ({
      ...target,
      ...(content as object),
      multiValueQueryStringParameters: query,
      multiValueHeaders: headers,
      requestContext: { requestId, authorizer: caller },
    })) as unknown as fc.Arbitrary<APIGatewayProxyEvent>;
}
