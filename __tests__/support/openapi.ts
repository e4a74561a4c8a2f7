import Ajv2020 from "ajv/dist/2020";
import description from "../../handlers/media/openapi.json";

interface Described {
  readonly responses: Record<string, { $ref?: string; content?: Content }>;
}
type Content = Record<string, { schema: { $ref?: string } }>;

export interface Answered {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** A trailing slash changes nothing. */
const paths = Object.entries(description.paths as unknown as Record<string, Record<string, Described>>).map(
  ([template, methods]) => ({
    template,
    pattern: new RegExp(`^${template.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}/?$`),
    methods: Object.keys(methods),
    operations: methods,
  }),
);

/** The description without additional members in responses. */
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(closed(description) as object, "api");
const validators = new Map<string, ReturnType<typeof ajv.compile>>();

/** The operation of a request, such as `GET /media/{id}`; undefined for one that the description lacks. */
export function operationOf(method: string, path: string): string | undefined {
  const known = paths.find(({ pattern }) => pattern.test(path));
  return known !== undefined && method.toLowerCase() in known.operations
    ? `${method} ${known.template}`
    : undefined;
}

/** Why a response does not match the API's description; empty if it does. */
export function faultOf(method: string, path: string, answer: Answered): string | undefined {
  const known = paths.find(({ pattern }) => pattern.test(path));
  const asked = method === "HEAD" ? "get" : method.toLowerCase();
  if (known === undefined) return problemFault(answer, 404);
  const operation = known.operations[asked];
  if (operation === undefined) return problemFault(answer, 405);
  const response = operation.responses[answer.status];
  if (response === undefined)
    return `${method} ${known.template} answers ${answer.status}, which is not described`;
  if (response.$ref !== undefined) return method === "HEAD" ? undefined : problemFault(answer, answer.status);
  if (response.content === undefined || method === "HEAD") {
    return answer.body === "" ? undefined : "has a body, and should have none";
  }
  const type = answer.contentType?.split(";")[0] ?? "";
  const schema = response.content[type]?.schema;
  if (schema === undefined) return `has the type ${type}, which is not described`;
  return schema.$ref === undefined ? undefined : bodyFault(answer.body, schema.$ref);
}

function problemFault({ status, contentType, body }: Answered, wanted: number): string | undefined {
  if (status !== wanted) return `answers ${status} and should ${wanted}`;
  if (contentType === undefined) return "has no type";
  if (body === "") return undefined;
  if (contentType !== "application/problem+json") return `has the type ${contentType}`;
  const fault = bodyFault(body, "#/components/schemas/Problem");
  if (fault !== undefined) return fault;
  const { status: told, detail } = JSON.parse(body) as { status: number; detail: string };
  return told === status && /\w/.test(detail) ? undefined : `tells ${told}: ${detail}`;
}

function bodyFault(body: string, ref: string): string | undefined {
  const validate = validators.get(ref) ?? ajv.compile({ $ref: `api${ref}` });
  validators.set(ref, validate);
  return validate(JSON.parse(body)) ? undefined : ajv.errorsText(validate.errors);
}

/** Objects whose schema does not mention additional members have none. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, closed(member)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  return copy.type === "object" && copy.properties !== undefined
    ? { additionalProperties: false, ...copy }
    : copy;
}
