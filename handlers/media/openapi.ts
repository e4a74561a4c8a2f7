import * as z from "zod/mini";
import { LIMITS } from "./limits";
import { type Operation, OPERATIONS, type SchemaName, SCHEMAS } from "./operations";
import { pathParameters } from "./requests";
import { description, title } from "./schemas";

type Json = Record<string, unknown>;

/** Groups of operations, with their descriptions. */
const TAGS = {
  media: "Videos that everybody may see, and changes of a video",
  "own media": "What creators read of their own videos",
  uploads: "The upload of a video, in parts",
  links: "What links show before they are opened",
  service: "The API itself",
} as const;

/** API Gateway throttles every operation. */
const GATEWAY_PROBLEMS = [429];

const ETAG = { description: "Changes with the answer; weak", schema: { type: "string" } };

const IF_NONE_MATCH = {
  name: "If-None-Match",
  in: "header",
  description: "ETags of answers that the caller has: 304 if one is current",
  required: false,
  schema: { type: "string" },
};

/** The OpenAPI 3.1 description, generated from the request schemas. */
export function openApi(): Json {
  const paths: Record<string, Json> = {};
  for (const [route, operation] of Object.entries<Operation>(OPERATIONS)) {
    const [method = "", path = ""] = route.split(" ");
    const described = (paths[path] ??= {});
    described[method.toLowerCase()] = operationOf(method, path, operation);
    if (answersHead(method, operation)) described.head = headOf(path, operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "StreamFlow API",
      version: "1.0.0",
      contact: { name: "StreamFlow" },
      license: { name: "Apache License 2.0", identifier: "Apache-2.0" },
      description: `Videos up to ${LIMITS.sizeBytes} bytes. Every response has x-request-id. Errors are RFC 9457 problems.`,
    },
    servers: [{ url: "/api" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas(),
      responses: {
        Problem: content("A problem", "Problem", "application/problem+json"),
        ProblemOfHead: { description: "A problem, without its body" },
      },
      securitySchemes: { creator: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}

/**
 * Every route: whether it requires a token, and its request body, if any, as a JSON schema of draft 4, the only version
 * that API Gateway supports. API Gateway passes a HEAD on only if the path has this method.
 */
export function gatewayRoutes(): Json {
  const routes: Json = {};
  for (const [route, operation] of Object.entries<Operation>(OPERATIONS)) {
    const [method = "", path = ""] = route.split(" ");
    const { caller, body } = operation;
    const authorized = caller !== "everyone";
    routes[route] = { authorized, ...(body === undefined ? {} : { body: draft4(SCHEMAS[body]) }) };
    if (answersHead(method, operation)) routes[`HEAD ${path}`] = { authorized };
  }
  return routes;
}

/** Whether HEAD is answered too: link checkers and proxies ask so for what everybody may read. */
function answersHead(method: string, { caller }: Operation): boolean {
  return method === "GET" && caller === "everyone";
}

function operationOf(method: string, path: string, operation: Operation): Json {
  const { summary, description, caller, body, answer } = operation;
  const [status, answered] = answer;
  const described = answered === undefined ? { description: "Done" } : content("Done", answered);
  return {
    operationId: operationId(method, path),
    summary,
    description,
    tags: [tagOf(path)],
    parameters: parametersOf(path, operation),
    requestBody: body === undefined ? undefined : { required: true, ...content(undefined, body) },
    responses: {
      [status]: { ...described, headers: headersOf(operation) },
      ...otherAnswers(operation, "Problem"),
    },
    security: caller === "everyone" ? [] : [{ creator: [] }],
  };
}

/** The HEAD beside a GET. */
function headOf(path: string, operation: Operation): Json {
  const [status] = operation.answer;
  return {
    operationId: operationId("HEAD", path),
    summary: `${operation.summary}: headers only`,
    description: `Status and headers of GET ${path}, without a body.`,
    tags: [tagOf(path)],
    parameters: parametersOf(path, operation),
    responses: {
      [status]: { description: "Done", headers: headersOf(operation) },
      ...otherAnswers(operation, "ProblemOfHead"),
    },
    security: [],
  };
}

function operationId(method: string, path: string): string {
  const words = path.replace(
    /[^a-z]+(\w)?/gi,
    (_, letter: string | undefined) => letter?.toUpperCase() ?? "",
  );
  return `${method.toLowerCase()}${words}`;
}

function headersOf({ cookies, revalidated }: Operation): Json | undefined {
  const headers = {
    ...(cookies === undefined ? {} : { "Set-Cookie": { description: cookies, schema: { type: "string" } } }),
    ...(revalidated === true ? { ETag: ETAG } : {}),
  };
  return Object.keys(headers).length === 0 ? undefined : headers;
}

/** All answers but the one on success. */
function otherAnswers({ problems, revalidated }: Operation, problem: string): Json {
  const refused = [...new Set([...problems, ...GATEWAY_PROBLEMS, "default"])].map((code) => [
    String(code),
    { $ref: `#/components/responses/${problem}` },
  ]);
  return {
    ...(revalidated === true
      ? { 304: { description: "The caller has the current answer", headers: { ETag: ETAG } } }
      : {}),
    ...(Object.fromEntries(refused) as Json),
  };
}

function tagOf(path: string): keyof typeof TAGS {
  if (path.includes("/upload")) return "uploads";
  if (path.startsWith("/me/")) return "own media";
  if (path.startsWith("/v/") || path === "/oembed") return "links";
  return path.startsWith("/media") ? "media" : "service";
}

function content(
  description: string | undefined,
  name: SchemaName | "any" | "page",
  type = "application/json",
): Json {
  if (name === "page") return { description, content: { "text/html": { schema: { type: "string" } } } };
  const schema = name === "any" ? { type: "object" } : { $ref: `#/components/schemas/${name}` };
  return { description, content: { [type]: { schema } } };
}

function parametersOf(path: string, { query, revalidated }: Operation): Json[] | undefined {
  const parameters = [
    ...(path.includes("{id}") ? fieldsOf("path", pathParameters) : []),
    ...(query === undefined ? [] : fieldsOf("query", query)),
    ...(revalidated === true ? [IF_NONE_MATCH] : []),
  ];
  return parameters.length === 0 ? undefined : parameters;
}

function fieldsOf(place: "path" | "query", schema: z.ZodMiniObject): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema,
  }));
}

function schemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: "input",
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, lengthsOf(zodSchema));
    },
  });
  for (const schema of Object.values(schemas)) {
    // All schemas have both.
    delete schema.$schema;
    delete schema.$id;
  }
  return schemas;
}

/** Length limits that a schema checks with a function and can't export. */
function lengthsOf(schema: unknown): Json {
  if (schema === title) return { minLength: 1, maxLength: LIMITS.title };
  return schema === description ? { maxLength: LIMITS.description } : {};
}

/** A draft 4 schema without patterns, because API Gateway's regular expressions differ; the function checks them. */
function draft4(schema: z.core.$ZodType): Json {
  return z.toJSONSchema(schema, {
    target: "draft-4",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, lengthsOf(zodSchema));
      delete jsonSchema.pattern;
      delete jsonSchema.allOf;
    },
  });
}
