import type { APIGatewayProxyEvent } from "aws-lambda";
import fc from "fast-check";
import { encodeCursor } from "../../../handlers/media/cursor";
import { LIMITS } from "../../../handlers/media/limits";
import { STATUSES } from "../../../handlers/media/media";
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

const bodies = {
  media: shape({
    title: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
    contentType: fc.constantFrom("video/mp4", "video/quicktime", "video/x-matroska"),
    sizeBytes: fc.oneof(
      fc.integer({ min: 1, max: 40_000_000 }),
      fc.integer({ min: -5, max: 2 * LIMITS.sizeBytes }),
    ),
  }),
  parts: shape({ partNumbers: fc.array(partNumber, { maxLength: 5 }) }),
  completion: shape({
    parts: fc.array(mostly(fc.record({ partNumber, etag })), { maxLength: 5 }),
  }),
};

const json = fc
  .oneof(bodies.media, bodies.parts, bodies.completion, fc.jsonValue({ maxDepth: 4 }))
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
const huge = fc.constant({
  body: JSON.stringify({ title: "x".repeat(LIMITS.bodyBytes) }),
  isBase64Encoded: false,
});

export interface Known {
  /** Ids of existing media. */
  readonly ids: readonly string[];
  readonly creator: string;
}

/** Events of API Gateway with anything that a caller can put into them. */
export function requests({ ids, creator }: Known): fc.Arbitrary<APIGatewayProxyEvent> {
  const id = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...ids) },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: fc.constantFrom(...ids).map((id) => id.toUpperCase()) },
  );
  const described = Object.keys(openapi.paths);
  const ofMedia = described.filter((one) => one.includes("{id}"));
  const others = described.filter((one) => !one.includes("{id}"));
  const template = fc.constantFrom("/media/{id}", ...ofMedia, "/media/{id}/upload", "/media/{id}/x");
  const path = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...others, "/media", "/media/", "/", "") },
    { weight: 8, arbitrary: fc.tuple(id, template).map(([id, one]) => one.replace("{id}", () => id)) },
    { weight: 1, arbitrary: text.map((rest) => `/${rest}`) },
  );
  const cursor = encodeCursor({ createdAt: "2026-01-01T00:00:00.000001Z", id: ids[0] ?? "" });
  const value = fc.oneof(text, fc.constantFrom(...STATUSES, cursor, cursor.toLowerCase(), "1", "100"));
  const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom("limit", "status", "cursor") }, text);
  const query = fc.option(
    fc.dictionary(name, fc.array(value, { minLength: 1, maxLength: 2 }), { maxKeys: 3 }),
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
  const headers = fc
    .tuple(type, fc.dictionary(text, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }))
    .map(([type, more]) => ({ "Content-Type": [type], ...more }));
  const caller = fc.oneof(
    { weight: 8, arbitrary: fc.constant({ claims: { sub: creator } }) },
    fc.constantFrom({ claims: { sub: "somebody-else" } }, { claims: { sub: "" } }, { claims: { sub: 7 } }),
    fc.constantFrom(null, {}, { claims: null }, { claims: {} }),
  );
  const method = fc.oneof(
    { weight: 5, arbitrary: fc.constant("POST") },
    { weight: 3, arbitrary: fc.constant("GET") },
    { weight: 3, arbitrary: fc.constantFrom("DELETE", "HEAD", "PUT", "PATCH", "OPTIONS") },
  );
  const content = fc.oneof({ weight: 200, arbitrary: body }, { weight: 1, arbitrary: huge });
  return fc
    .record({ httpMethod: method, path, query, headers, caller, content, requestId: fc.uuid() })
    .map(({ query, headers, caller, content, requestId, ...request }) => ({
      ...request,
      ...content,
      multiValueQueryStringParameters: query,
      multiValueHeaders: headers,
      requestContext: { requestId, authorizer: caller },
    })) as unknown as fc.Arbitrary<APIGatewayProxyEvent>;
}
