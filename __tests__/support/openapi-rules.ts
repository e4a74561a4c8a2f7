import Ajv2020 from "ajv/dist/2020";

type Json = Readonly<Record<string, unknown>>;

interface OperationObject {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
}

interface OpenApi {
  readonly servers?: readonly { readonly url: string }[];
  readonly tags?: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components?: Readonly<Record<string, Json>>;
}

interface Place {
  /** JSON pointer: `#/paths/~1media/get`. */
  readonly at: string;
  readonly value: Json;
}

/** Characters of an operation's id that need no escape in a URL. */
const URL_SAFE = /^[A-Za-z0-9._~-]+$/;
/** What may stand beside a reference in OpenAPI 3.1. */
const BESIDE_REFERENCE = new Set(["$ref", "summary", "description"]);

/**
 * What breaks the rules that Spectral recommends for OpenAPI, and Redocly does not: decision 0004 says why Spectral itself
 * is not used. https://docs.stoplight.io/docs/spectral/4dec24461f3af-open-api-rules
 */
export function openApiFaults(description: object): string[] {
  const api = description as OpenApi;
  return [
    ...operationIdFaults(api),
    ...slashFaults(api),
    ...pathParameterFaults(api),
    ...tagFaults(api),
    ...componentFaults(api),
    ...placesIn(api).flatMap((place) => [
      ...referenceFaults(place),
      ...schemaFaults(place),
      ...exampleFaults(api, place),
    ]),
  ];
}

/** Every object of the description. */
function placesIn(value: unknown, at = "#"): Place[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => placesIn(one, `${at}/${index}`));
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    placesIn(member, `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
  return [{ at, value: value as Json }, ...inner];
}

function operationsOf({
  paths,
}: OpenApi): { readonly name: string; readonly path: string; readonly operation: OperationObject }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );
}

/** Those that are there twice or more often. */
const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

function operationIdFaults(api: OpenApi): string[] {
  const operations = operationsOf(api);
  const ids = operations.map(({ operation }) => operation.operationId ?? "");
  return [
    ...operations
      .filter(({ operation }) => !URL_SAFE.test(operation.operationId ?? ""))
      .map(({ name, operation }) => `${name}: the operationId ${operation.operationId} is no part of a URL`),
    ...repeated(ids).map((id) => `the operationId ${id} is not unique`),
  ];
}

function slashFaults({ servers = [], paths }: OpenApi): string[] {
  const urls = [...servers.map(({ url }) => url), ...Object.keys(paths)];
  return [
    ...urls.filter((url) => url.endsWith("/")).map((url) => `${url} ends with a slash`),
    ...Object.keys(paths)
      .filter((path) => path.includes("?"))
      .map((path) => `${path} has a query`),
  ];
}

function pathParameterFaults(api: OpenApi): string[] {
  return operationsOf(api).flatMap(({ name, path, operation: { parameters = [] } }) => {
    const wanted = [...path.matchAll(/\{([^}]*)\}/g)].map(([, one = ""]) => one);
    const own = parameters.filter((parameter) => parameter.in === "path");
    const defined = own.map((parameter) => parameter.name);
    return [
      ...wanted.filter((one) => !defined.includes(one)).map((one) => `${name}: {${one}} is not defined`),
      ...defined.filter((one) => !wanted.includes(one)).map((one) => `${name}: {${one}} is not in the path`),
      ...own
        .filter(({ required }) => required !== true)
        .map((one) => `${name}: {${one.name}} is not required`),
      ...repeated(wanted).map((one) => `${name}: {${one}} is in the path twice`),
      ...repeated(parameters.map((one) => `${one.in} ${one.name}`)).map(
        (one) => `${name}: ${one} is defined twice`,
      ),
    ];
  });
}

function tagFaults(api: OpenApi): string[] {
  const declared = (api.tags ?? []).map(({ name }) => name);
  const used = operationsOf(api).flatMap(({ operation }) => operation.tags ?? []);
  return [
    ...repeated(declared).map((tag) => `the tag ${tag} is declared twice`),
    ...[...new Set(used)]
      .filter((tag) => !declared.includes(tag))
      .map((tag) => `the tag ${tag} is not declared`),
  ];
}

/** Components that nothing outside them refers to. */
function componentFaults(api: OpenApi): string[] {
  const places = placesIn(api);
  const isUsed = (component: string): boolean =>
    places.some(({ at, value }) => value.$ref === component && !`${at}/`.startsWith(`${component}/`));
  const secured = places.flatMap(({ value }) =>
    Array.isArray(value.security) ? (value.security as Json[]) : [],
  );
  return Object.entries(api.components ?? {}).flatMap(([kind, components]) =>
    Object.keys(components)
      .filter((name) =>
        kind === "securitySchemes"
          ? !secured.some((scheme) => name in scheme)
          : !isUsed(`#/components/${kind}/${name}`),
      )
      .map((name) => `#/components/${kind}/${name} is not used`),
  );
}

function referenceFaults({ at, value }: Place): string[] {
  if (typeof value.$ref !== "string") return [];
  return Object.keys(value)
    .filter((name) => !BESIDE_REFERENCE.has(name))
    .map((name) => `${at}: ${name} is beside a $ref`);
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  return typeof value === type && value !== null;
}

/** Enumerations have a type, and only different values of it; arrays say what is in them. */
function schemaFaults({ at, value }: Place): string[] {
  const faults: string[] = [];
  if (Array.isArray(value.enum)) {
    const [values, types] = [value.enum as unknown[], [value.type].flat()];
    if (value.type === undefined) faults.push(`${at}: the enum has no type`);
    else
      faults.push(
        ...values
          .filter((one) => !types.some((type) => isOfType(one, type)))
          .map((one) => `${at}: ${JSON.stringify(one)} of the enum is no ${types.join(" or ")}`),
      );
    faults.push(
      ...repeated(values.map((one) => JSON.stringify(one))).map(
        (one) => `${at}: ${one} is in the enum twice`,
      ),
    );
  }
  if (value.type === "array" && value.items === undefined && value.prefixItems === undefined)
    faults.push(`${at}: the array has no items`);
  return faults;
}

/** Examples and defaults that their schema does not allow. */
function exampleFaults(api: OpenApi, { at, value }: Place): string[] {
  // Media types and parameters have the schema beside the example, schemas are it.
  const isBeside = typeof value.schema === "object";
  const examples = Array.isArray(value.examples)
    ? (value.examples as unknown[])
    : Object.values((value.examples ?? {}) as Record<string, Json>).map((one) => one.value);
  const given = [
    ...("example" in value ? [value.example] : []),
    ...("default" in value && typeof value.type === "string" ? [value.default] : []),
    ...examples,
  ];
  if (given.length === 0 || (!isBeside && value.type === undefined && value.$ref === undefined)) return [];
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(api, "api");
  const validate = ajv.compile({ $ref: `api${at}${isBeside ? "/schema" : ""}` });
  return given
    .filter((one) => !validate(one))
    .map((one) => `${at}: the example ${JSON.stringify(one)} is not of its schema`);
}
