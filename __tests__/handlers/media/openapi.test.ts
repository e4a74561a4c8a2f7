import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Ajv4 from "ajv-draft-04";
import { LIMITS } from "../../../handlers/media/limits";
import openapi from "../../../handlers/media/openapi.json";
import routes from "../../../stacks/constructs/api/media-routes.json";
import { documents } from "../../../cli/openapi/documents";
import { aMedia } from "../fakes";
import { asked } from "../asked";
import { OPERATIONS } from "../../../handlers/media/operations";
import { type RouteDependencies, routesOf } from "../../../handlers/media/routes";
import { openApiFaults } from "../../support/openapi-rules";
import { expectNoFaults, staleFault } from "../../support/faults";
import { aWorld } from "./world";

const root = resolve(__dirname, "../../..");

it.each(Object.entries(documents()))("%s is what npm run openapi writes", (file, text) => {
  const content = readFileSync(join(root, file), "utf8");
  const fault = staleFault({ file, content, command: "npm run openapi" }, text);
  expectNoFaults(fault === undefined ? [] : [fault]);
});

it("lists each route in the handlers' README, with who may call it", () => {
  const page = documents()["handlers/README.md"] ?? "";
  const rows = [...page.matchAll(/^\| `([A-Z]+ \/[^`]*)` \| (.*?) \|/gm)].map(([, name, caller]) => [
    name,
    caller,
  ]);
  expect(rows.map(([name]) => name)).toEqual(Object.keys(OPERATIONS));
  expect(Object.fromEntries(rows)).toMatchObject({
    "GET /media": "everyone",
    "POST /media": "a creator",
    "DELETE /media/{id}": "its creator",
  });
});

interface Described {
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, { readonly headers?: object }>>;
  readonly security: readonly object[];
}

/** Paths with a GET. */
const readings = Object.entries(openapi.paths as object).filter(
  (entry): entry is [string, { readonly get: Described; readonly head?: object }] =>
    "get" in (entry[1] as object),
);

/** Routes that are described but not served, or served but not described. */
function unanswered(answered: readonly string[]): string[] {
  const described = Object.keys(OPERATIONS);
  return [
    ...described
      .filter((name) => !answered.includes(name))
      .map((name) => `add what answers ${name} to handlers/media/routes.ts: operations.ts describes it`),
    ...answered
      .filter((name) => !described.includes(name))
      .map((name) => `describe ${name} in handlers/media/operations.ts: routes.ts answers it`),
  ];
}

it("describes all routes that are served, and no others", () => {
  const answered = Object.keys(routesOf({} as RouteDependencies));
  expectNoFaults(unanswered(answered));
  expect(unanswered([...answered.slice(1), "GET /more"])).toEqual([
    "add what answers GET /media to handlers/media/routes.ts: operations.ts describes it",
    "describe GET /more in handlers/media/operations.ts: routes.ts answers it",
  ]);
});

/** Runs the rules that Redocly recommends, among them that the description is valid; it only exists as an ES module. */
const LINT = `
  import { createConfig, lintFromString } from "@redocly/openapi-core";
  import { readFileSync } from "node:fs";
  const problems = await lintFromString({
    source: readFileSync(0, "utf8"),
    absoluteRef: "openapi.json",
    config: await createConfig({ extends: ["recommended"] }),
  });
  console.log(JSON.stringify(problems.map(({ ruleId, message }) => ruleId + ": " + message)));
`;

function lint(description: object): string[] {
  const options = { cwd: root, encoding: "utf8", input: JSON.stringify(description) } as const;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", LINT], options)) as string[];
}

it("is valid by OpenAPI 3.1, and passes the rules that Redocly recommends", () => {
  expect(openapi.openapi).toMatch(/^3\.1\./);
  expect(lint(openapi)).toEqual([]);
  const { title, version, contact, license } = openapi.info;
  expect(lint({ ...openapi, info: { title, version, contact } })).toEqual([
    expect.stringMatching(/^info-license: /),
  ]);
  expect(lint({ ...openapi, info: { title: 7, version, license } })).toEqual([
    expect.stringMatching(/^struct: /),
  ]);
});

it("gives each operation a description and a group, as Spectral's rules require", () => {
  const groups = openapi.tags.map(({ name }) => name);
  for (const methods of Object.values(openapi.paths))
    for (const { summary, description, tags } of Object.values(methods)) {
      expect(summary).toMatch(/^[A-Z].{5,}[^.]$/);
      expect(description).toMatch(/\.$/);
      expect(groups).toEqual(expect.arrayContaining(tags));
    }
});

it("breaks none of the other rules that Spectral recommends", () => {
  expect(openApiFaults(openapi)).toEqual([]);
});

/** Faults of the description with another value at a place; undefined deletes what is there. */
function planted(place: readonly string[], value: unknown): string[] {
  const copy = structuredClone(openapi);
  const target = place
    .slice(0, -1)
    .reduce<unknown>((one, name) => (one as Record<string, unknown>)[name], copy);
  const [name = ""] = place.slice(-1);
  if (value === undefined) Reflect.deleteProperty(target as object, name);
  else Reflect.set(target as object, name, value);
  return openApiFaults(copy);
}

const list = ["paths", "/media", "get"];
const { visibility } = openapi.components.schemas.NewMedia.properties;
const newMedia = ["components", "schemas", "NewMedia", "properties"];
const newBody = ["paths", "/media", "post", "requestBody", "content", "application/json"];
const listParameters = openapi.paths["/media"].get.parameters;

it.each<[string, string[], unknown, string]>([
  [
    "an operationId that is no part of a URL",
    [...list, "operationId"],
    "get media",
    "GET /media: the operationId get media is no part of a URL",
  ],
  [
    "an operationId that is there twice",
    [...list, "operationId"],
    "postMedia",
    "the operationId postMedia is not unique",
  ],
  [
    "a schema that only itself uses",
    ["components", "schemas", "Unused"],
    { type: "object", properties: { self: { $ref: "#/components/schemas/Unused" } } },
    "#/components/schemas/Unused is not used",
  ],
  [
    "a security scheme that nothing uses",
    ["components", "securitySchemes", "key"],
    { type: "http", scheme: "basic" },
    "#/components/securitySchemes/key is not used",
  ],
  [
    "a member beside a reference",
    [...list, "responses", "default", "headers"],
    {},
    "#/paths/~1media/get/responses/default: headers is beside a $ref",
  ],
  [
    "an enum of another type",
    [...newMedia, "visibility", "enum"],
    [...visibility.enum, 7],
    "#/components/schemas/NewMedia/properties/visibility: 7 of the enum is no string",
  ],
  [
    "an enum without a type",
    [...newMedia, "visibility", "type"],
    undefined,
    "#/components/schemas/NewMedia/properties/visibility: the enum has no type",
  ],
  [
    "a value twice in an enum",
    [...newMedia, "visibility", "enum"],
    [...visibility.enum, "public"],
    '#/components/schemas/NewMedia/properties/visibility: "public" is in the enum twice',
  ],
  [
    "an array of anything",
    ["components", "schemas", "WantedParts", "properties", "partNumbers", "items"],
    undefined,
    "#/components/schemas/WantedParts/properties/partNumbers: the array has no items",
  ],
  ["a server with a final slash", ["servers", "0", "url"], "/api/", "/api/ ends with a slash"],
  ["a path with a final slash", ["paths", "/x/"], {}, "/x/ ends with a slash"],
  ["a path with a query", ["paths", "/x?y=1"], {}, "/x?y=1 has a query"],
  [
    "a parameter of the path that is not defined",
    ["paths", "/media/{id}", "delete", "parameters"],
    [],
    "DELETE /media/{id}: {id} is not defined",
  ],
  [
    "a parameter that the path lacks",
    [...list, "parameters"],
    [...listParameters, { name: "id", in: "path", required: true }],
    "GET /media: {id} is not in the path",
  ],
  [
    "a parameter of the path that may be absent",
    ["paths", "/media/{id}", "get", "parameters", "0", "required"],
    false,
    "GET /media/{id}: {id} is not required",
  ],
  [
    "a parameter that is defined twice",
    [...list, "parameters"],
    [...listParameters, listParameters[0]],
    "GET /media: query limit is defined twice",
  ],
  ["a tag that is not declared", [...list, "tags"], ["none"], "the tag none is not declared"],
  [
    "a tag that is declared twice",
    ["tags"],
    [...openapi.tags, openapi.tags[0]],
    "the tag media is declared twice",
  ],
  [
    "an example that its schema does not allow",
    [...newMedia, "sizeBytes", "examples"],
    [0],
    "#/components/schemas/NewMedia/properties/sizeBytes: the example 0 is not of its schema",
  ],
  [
    "an example of a body that its schema does not allow",
    [...newBody, "example"],
    { title: 7 },
    '#/paths/~1media/post/requestBody/content/application~1json: the example {"title":7} is not of its schema',
  ],
])("does not pass with %s", (_, place, value, fault) => {
  expect(planted(place, value)).toEqual([fault]);
});

it("is served as it is", async () => {
  const answer = await aWorld().ask("/openapi.json");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(await answer.json()).toEqual(openapi);
});

it("describes every path and method that the API has, and no other", async () => {
  const id = aMedia().id;
  const { app } = aWorld();
  for (const [path, methods] of Object.entries(openapi.paths)) {
    const answer = await asked(app, path.replace("{id}", id), { method: "OPTIONS" }, { requestId: id });
    expect(answer.status).toBe(405);
    const allowed = (answer.headers.get("allow") ?? "").split(", ").filter((method) => method !== "HEAD");
    const described = Object.keys(methods)
      .map((method) => method.toUpperCase())
      .filter((method) => method !== "HEAD");
    expect({ path, methods: described }).toEqual({ path, methods: allowed });
  }
});

it("has no dangling reference", () => {
  const text = JSON.stringify(openapi);
  const found = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(found.length).toBeGreaterThan(20);
  for (const path of found) {
    const target = path
      .split("/")
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], openapi);
    expect([path, target]).toEqual([path, expect.any(Object)]);
  }
});

it("requires a token for writes, and for what creators read of their own", () => {
  for (const [path, methods] of Object.entries(openapi.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const needsToken = !["get", "head"].includes(method) || path.startsWith("/me/");
      const { security } = operation as { security: unknown };
      expect({ path, method, security }).toEqual({
        path,
        method,
        security: needsToken ? [{ creator: [] }] : [],
      });
      const route = `${method.toUpperCase()} ${path}` as keyof typeof routes;
      expect(routes[route].authorized).toBe(needsToken);
    }
  }
});

it("describes HEAD beside each GET that needs no token, and API Gateway has it", () => {
  for (const [path, { get, head }] of readings) {
    const isPublic = get.security.length === 0;
    expect([path, head !== undefined, `HEAD ${path}` in routes]).toEqual([path, isPublic, isPublic]);
  }
  expect(openapi.paths["/media"].head.responses[200]).not.toHaveProperty("content");
});

it("describes ETag and 304 exactly where an answer has them", async () => {
  const media = aMedia();
  const { app } = aWorld([media]);
  for (const [path, { get }] of readings) {
    const answer = await asked(app, path.replace("{id}", media.id), {}, { requestId: media.id });
    if (answer.status !== 200) continue;
    const described = [
      "ETag" in (get.responses[200]?.headers ?? {}),
      304 in get.responses,
      (get.parameters ?? []).some(({ name }) => name === "If-None-Match"),
    ];
    const has = answer.headers.has("etag");
    expect([path, ...described]).toEqual([path, has, has, has]);
  }
});

it("documents the constraints by which a request is validated", () => {
  expect(openapi.components.schemas.NewMedia).toMatchObject({
    properties: {
      title: { type: "string", minLength: 1, maxLength: 200 },
      sizeBytes: { type: "integer", minimum: 1, maximum: LIMITS.sizeBytes },
    },
    required: ["title", "contentType", "sizeBytes"],
    additionalProperties: false,
  });
  const [limit, , status] = openapi.paths["/me/media"].get.parameters;
  expect(limit).toMatchObject({ name: "limit", required: false });
  expect(status?.schema).toMatchObject({ enum: ["registered", "uploaded", "processing", "ready", "failed"] });
});

describe("API Gateway's model", () => {
  const ajv = new Ajv4({ strict: true });
  const etag = "0".repeat(32);
  /** A valid and an invalid example of each body. */
  const good: Readonly<Record<string, object>> = {
    "POST /media": { title: "😀".repeat(200), contentType: "video/mp4", sizeBytes: LIMITS.sizeBytes },
    "PATCH /media/{id}": { description: "", visibility: "unlisted" },
    "POST /media/{id}/upload/parts": { partNumbers: [1, 1_000] },
    "POST /media/{id}/upload/complete": { parts: [{ partNumber: 1, etag }] },
  };
  const bad: Readonly<Record<string, object>> = {
    "POST /media": { ...good["POST /media"], title: "" },
    "PATCH /media/{id}": { visibility: "secret" },
    "POST /media/{id}/upload/parts": { partNumbers: [1_001] },
    "POST /media/{id}/upload/complete": { parts: [{ partNumber: 1 }] },
  };

  const models = Object.entries(routes).flatMap(([route, options]) =>
    "body" in options ? [[route, options.body] as const] : [],
  );

  it.each(models)("of %s takes what the function takes", (route, model) => {
    const file = "__tests__/handlers/media/openapi.test.ts";
    if (good[route] === undefined || bad[route] === undefined)
      throw new Error(
        `add a body of ${route} that is right, and one that is wrong, to good and bad in ${file}`,
      );
    const validate = ajv.compile(model);
    expect(validate(good[route])).toBe(true);
    expect(validate(bad[route])).toBe(false);
    expect(validate({ ...good[route], more: 1 })).toBe(false);
  });

  it("has no regular expression: API Gateway uses another dialect", () => {
    expect(JSON.stringify(models)).not.toContain("pattern");
  });
});
