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

/** The OpenAPI 3.1 description, generated from the request schemas. */
export function openApi(): Json {
  const paths: Record<string, Json> = {};
  for (const [route, operation] of Object.entries<Operation>(OPERATIONS)) {
    const [method = "", path = ""] = route.split(" ");
    (paths[path] ??= {})[method.toLowerCase()] = operationOf(method, path, operation);
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
      responses: { Problem: content("A problem", "Problem", "application/problem+json") },
      securitySchemes: { creator: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}

/**
 * Every route: whether it requires a token, and its request body, if any, as a JSON schema of draft 4, the only version
 * that API Gateway supports.
 */
export function gatewayRoutes(): Json {
  return Object.fromEntries(
    Object.entries<Operation>(OPERATIONS).map(([route, { caller, body }]) => [
      route,
      {
        authorized: caller !== "everyone",
        ...(body === undefined ? {} : { body: draft4(SCHEMAS[body]) }),
      },
    ]),
  );
}

function operationOf(method: string, path: string, operation: Operation): Json {
  const { summary, description, caller, query, body, answer, problems, cookies } = operation;
  const [status, answered] = answer;
  const described = answered === undefined ? { description: "Done" } : content("Done", answered);
  const headers =
    cookies === undefined
      ? undefined
      : { "Set-Cookie": { description: cookies, schema: { type: "string" } } };
  const success = { ...described, headers };
  const refused = [...new Set([...problems, ...GATEWAY_PROBLEMS, "default"])].map((code) => [
    String(code),
    { $ref: "#/components/responses/Problem" },
  ]);
  const parameters = [
    ...(path.includes("{id}") ? parametersOf("path", pathParameters) : []),
    ...(query === undefined ? [] : parametersOf("query", query)),
  ];
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^a-z]+(\w)?/gi, (_, letter: string | undefined) => letter?.toUpperCase() ?? "")}`,
    summary,
    description,
    tags: [tagOf(path)],
    parameters: parameters.length === 0 ? undefined : parameters,
    requestBody: body === undefined ? undefined : { required: true, ...content(undefined, body) },
    responses: { [status]: success, ...Object.fromEntries(refused) },
    security: caller === "everyone" ? [] : [{ creator: [] }],
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

function parametersOf(place: "path" | "query", schema: z.ZodMiniObject): Json[] {
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
