import Ajv from "ajv-draft-04";
import type { Route } from "./definition";
import type { RequestFault } from "./response";
import type { Match } from "./routes";

type Validate = (body: unknown) => boolean;

const compiled = new Map<string, Validate>();

/** Validator of an API Gateway model, a JSON schema of draft 4. */
function validatorOf(schema: string): Validate {
  const known = compiled.get(schema);
  if (known) return known;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(schema) as object,
  ) as Validate;
  compiled.set(schema, validate);
  return validate;
}

const parameter = /^method\.request\.(?:multivalue)?(path|querystring|header)\.(.+)$/;

function missing(route: Route, names: Readonly<Record<string, ReadonlySet<string>>>): string[] {
  return route.requiredParameters.flatMap((required) => {
    const [, place = "", name = ""] = parameter.exec(required) ?? [];
    const there = names[place]?.has(place === "header" ? name.toLowerCase() : name) ?? true;
    return there ? [] : [name];
  });
}

export interface Validated {
  readonly query: URLSearchParams;
  readonly headerNames: readonly string[];
  readonly contentType: string;
  readonly body: Buffer;
}

const INVALID_BODY: RequestFault = { part: "BODY", message: "Invalid request body" };

/** The error of API Gateway's request validator; undefined if the request is valid. */
export function requestFault({ route, pathParameters }: Match, request: Validated): RequestFault | undefined {
  const absent = missing(route, {
    path: new Set(Object.keys(pathParameters)),
    querystring: new Set(request.query.keys()),
    header: new Set(request.headerNames.map((name) => name.toLowerCase())),
  });
  if (absent.length > 0)
    return { part: "PARAMETERS", message: `Missing required request parameters: [${absent.join(", ")}]` };
  const type = request.contentType.split(";")[0]?.trim() || "application/json";
  // A type may be a name that objects inherit, such as `constructor`.
  const schema = Object.hasOwn(route.bodySchemas, type) ? route.bodySchemas[type] : undefined;
  if (schema === undefined) return undefined;
  try {
    const body: unknown = JSON.parse(request.body.toString("utf8"));
    return validatorOf(schema)(body) ? undefined : INVALID_BODY;
  } catch {
    return INVALID_BODY;
  }
}
