import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { type HttpAnswer, type HttpRequest, httpHandler } from "../../../handlers/runtime/http";
import { createLog } from "../../../handlers/runtime/log";

const requestId = "8c1e5f0a-0000-4000-8000-00000000cafe";
const context = { awsRequestId: "invocation" } as Context;

function anEvent(fields: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent {
  return {
    httpMethod: "GET",
    path: "/media",
    resource: "/media",
    headers: null,
    multiValueHeaders: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: { requestId, stage: "api", path: "/api/media" },
    ...fields,
  } as unknown as APIGatewayProxyEvent;
}

const ok: HttpAnswer = { status: 200, headers: {}, body: "ok" };

/** The request that an app receives for an event, and the result of its response. */
async function pass(
  fields: Partial<APIGatewayProxyEvent>,
  answer = ok,
): Promise<{ request: HttpRequest; result: APIGatewayProxyResult; lines: Record<string, unknown>[] }> {
  let request: HttpRequest | undefined;
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    service: "test",
    environment: "dev",
    level: "INFO",
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const app = {
    answer: (given: HttpRequest) => {
      request = given;
      log.info("seen", { bound: given.requestId });
      return Promise.resolve(answer);
    },
  };
  const result = await httpHandler(() => ({ app, log }))(anEvent(fields), context);
  if (!request) throw new Error("the app was not asked");
  return { request, result, lines };
}

describe("a request", () => {
  it("has the path without the stage, and every value of the query, decoded once", async () => {
    const { request } = await pass({
      multiValueQueryStringParameters: { a: ["1", "2"], "b&c": ["d=e f%20"], é: ["😀"] },
      queryStringParameters: { a: "2", "b&c": "d=e f%20", é: "😀" },
    });
    expect(request.path).toBe("/media");
    expect(request.query).toEqual({ a: ["1", "2"], "b&c": ["d=e f%20"], é: ["😀"] });
  });

  it("has every value of a header", async () => {
    const { request } = await pass({
      multiValueHeaders: { Accept: ["text/html", "*/*"], "X-Name": ["José"] },
    });
    expect(request.header("accept")).toBe("text/html, */*");
    expect(request.header("x-name")).toBe("José");
    expect(request.header("content-type")).toBeUndefined();
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "has a parameter and a header whose name is %s, and none of them if they are not sent",
    async (name) => {
      const event = (text: string) =>
        JSON.parse(`{${JSON.stringify(name)}:${text}}`) as Record<string, never>;
      const { request } = await pass({
        multiValueHeaders: event('["1"]'),
        multiValueQueryStringParameters: event('["2"]'),
      });
      expect(request.header(name.toLowerCase())).toBe("1");
      expect(Object.entries(request.query)).toEqual([[name, ["2"]]]);
      const { request: other } = await pass({ multiValueHeaders: {}, multiValueQueryStringParameters: {} });
      expect(other.header(name.toLowerCase())).toBeUndefined();
      expect(Object.entries(other.query)).toEqual([]);
    },
  );

  it("reads single values where no lists are sent", async () => {
    const { request } = await pass({ headers: { accept: "*/*" }, queryStringParameters: { limit: "5" } });
    expect(request.header("accept")).toBe("*/*");
    expect(request.query).toEqual({ limit: ["5"] });
  });

  it.each([
    ["as text", "über", false],
    ["in base64", Buffer.from("über").toString("base64"), true],
  ])("has the body that comes %s", async (_, body, isBase64Encoded) => {
    const { request } = await pass({ httpMethod: "POST", body, isBase64Encoded });
    expect(request.body.toString()).toBe("über");
  });

  it.each([
    ["a body of a GET", { body: "x" }],
    ["a header that is none", { multiValueHeaders: { "a b": ["x"], c: ["line\nbreak"], d: ["\u0000"] } }],
    ["a path that looks like a host", { path: "//evil.example/media" }],
    ["a path with query signs", { path: "/media?limit=0#x" }],
    ["a path that is badly escaped", { path: "/media/%zz%" }],
    ["half a surrogate pair", { path: "/\ud83d", multiValueQueryStringParameters: { "\ud83d": ["\ud83d"] } }],
    ["an empty path", { path: "" }],
  ])("survives %s", async (_, fields) => {
    const { request, result } = await pass(fields);
    expect(request.path).toBe("path" in fields ? fields.path : "/media");
    expect(request.query).not.toHaveProperty("limit");
    expect(result.statusCode).toBe(200);
  });

  it("is logged under API Gateway's id, with the invocation and whether it was the first", async () => {
    const { lines } = await pass({});
    expect(lines).toMatchObject([{ bound: requestId, requestId, invocationId: "invocation", cold: true }]);
  });
});

describe("an answer", () => {
  it("keeps status, headers and text", async () => {
    const headers = { "content-type": "application/json", "x-a": "b" };
    const { result } = await pass({}, { status: 404, headers, body: '{"é":1}' });
    expect(result).toEqual({
      statusCode: 404,
      multiValueHeaders: { "content-type": ["application/json"], "x-a": ["b"] },
      body: '{"é":1}',
      isBase64Encoded: false,
    });
  });

  it("keeps every cookie", async () => {
    const { result } = await pass({}, { status: 204, headers: { "set-cookie": ["a=1", "b=2"] }, body: "" });
    expect(result.multiValueHeaders).toEqual({ "set-cookie": ["a=1", "b=2"] });
    expect(result.body).toBe("");
  });
});

describe("the caller", () => {
  it.each([
    [
      "the sub of a token that API Gateway has seen",
      { claims: { sub: "abc", email: "a@example.com" } },
      "abc",
    ],
    ["nobody, without a token", null, undefined],
    ["nobody, without a sub", { claims: { email: "a@example.com" } }, undefined],
    ["nobody, with an empty sub", { claims: { sub: "" } }, undefined],
    ["nobody, with a sub that is no text", { claims: { sub: 7 } }, undefined],
    ["nobody, with claims of another authorizer", { principalId: "abc" }, undefined],
  ])("is %s", async (_, authorizer, caller) => {
    const seen: unknown[] = [];
    const log = createLog({ service: "test", environment: "dev", level: "ERROR" });
    const app = {
      answer: ({ caller }: HttpRequest) => {
        seen.push(caller);
        return Promise.resolve(ok);
      },
    };
    const requestContext = { requestId, authorizer } as APIGatewayProxyEvent["requestContext"];
    const headers = { authorization: "Bearer abc", "x-amzn-sub": "abc" };
    await httpHandler(() => ({ app, log }))(anEvent({ requestContext, headers }), context);
    expect(seen).toEqual([caller]);
  });
});

it("fails for an event of another source, and names what it got", async () => {
  const event = { Records: [] } as unknown as APIGatewayProxyEvent;
  const log = createLog({ service: "test", environment: "dev", level: "ERROR" });
  const handler = httpHandler(() => ({ app: { answer: () => Promise.resolve(ok) }, log }));
  await expect(handler(event, context)).rejects.toThrow(
    "the event must be a request of an API Gateway REST API, got the fields Records",
  );
});

it("starts the program once, and again while starting fails", async () => {
  const log = createLog({ service: "test", environment: "dev", level: "ERROR" });
  const start = jest.fn(() => ({ app: { answer: () => Promise.resolve(ok) }, log }));
  start.mockImplementationOnce(() => {
    throw new Error("PORT is missing");
  });
  const handler = httpHandler(start);
  await expect(handler(anEvent(), context)).rejects.toThrow("PORT is missing");
  await handler(anEvent(), context);
  await handler(anEvent(), context);
  expect(start).toHaveBeenCalledTimes(2);
});
