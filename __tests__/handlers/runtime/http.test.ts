import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { httpHandler } from "../../../handlers/runtime/http";
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

/** What an app gets to see of an event, and what becomes of its answer. */
async function pass(
  fields: Partial<APIGatewayProxyEvent>,
  answer = new Response("ok"),
): Promise<{ request: Request; result: APIGatewayProxyResult; lines: Record<string, unknown>[] }> {
  let request: Request | undefined;
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    service: "test",
    environment: "dev",
    level: "INFO",
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const app = {
    fetch: (given: Request, bindings: { requestId: string }) => {
      request = given;
      log.info("seen", { bound: bindings.requestId });
      return answer;
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
    const url = new URL(request.url);
    expect(url.pathname).toBe("/media");
    expect([...url.searchParams]).toEqual([
      ["a", "1"],
      ["a", "2"],
      ["b&c", "d=e f%20"],
      ["é", "😀"],
    ]);
  });

  it("has every value of a header", async () => {
    const { request } = await pass({
      multiValueHeaders: { Accept: ["text/html", "*/*"], "X-Name": ["José"] },
    });
    expect(request.headers.get("accept")).toBe("text/html, */*");
    expect(Buffer.from(request.headers.get("x-name") ?? "", "latin1").toString()).toBe("José");
  });

  it("takes single values where no lists are sent", async () => {
    const { request } = await pass({ headers: { accept: "*/*" }, queryStringParameters: { limit: "5" } });
    expect(request.headers.get("accept")).toBe("*/*");
    expect(new URL(request.url).search).toBe("?limit=5");
  });

  it.each([
    ["as text", "über", false],
    ["in base64", Buffer.from("über").toString("base64"), true],
  ])("has the body that comes %s", async (_, body, isBase64Encoded) => {
    const { request } = await pass({ httpMethod: "POST", body, isBase64Encoded });
    expect(await request.text()).toBe("über");
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
    expect(new URL(request.url).host).toBe("api");
    expect(new URL(request.url).search).not.toContain("limit");
    expect(result.statusCode).toBe(200);
  });

  it("is logged under API Gateway's id, with the invocation and whether it was the first", async () => {
    const { lines } = await pass({});
    expect(lines).toMatchObject([{ bound: requestId, requestId, invocationId: "invocation", cold: true }]);
  });
});

describe("an answer", () => {
  it("keeps status, headers and text", async () => {
    const { result } = await pass({}, Response.json({ é: 1 }, { status: 404, headers: { "x-a": "b" } }));
    expect(result).toEqual({
      statusCode: 404,
      multiValueHeaders: { "content-type": ["application/json"], "x-a": ["b"] },
      body: '{"é":1}',
      isBase64Encoded: false,
    });
  });

  it("keeps every cookie", async () => {
    const headers = new Headers([
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
    const { result } = await pass({}, new Response(null, { status: 204, headers }));
    expect(result.multiValueHeaders).toEqual({ "set-cookie": ["a=1", "b=2"] });
    expect(result.body).toBe("");
  });

  it("carries bytes in base64", async () => {
    const bytes = Uint8Array.from([0, 255, 128]);
    const { result } = await pass({}, new Response(bytes, { headers: { "content-type": "image/png" } }));
    expect(result.isBase64Encoded).toBe(true);
    expect(Buffer.from(result.body, "base64")).toEqual(Buffer.from(bytes));
  });

  it("is text for problem details", async () => {
    const headers = { "content-type": "application/problem+json" };
    const { result } = await pass({}, new Response("{}", { headers }));
    expect(result).toMatchObject({ body: "{}", isBase64Encoded: false });
  });
});

describe("who asks", () => {
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
      fetch: (_: Request, bindings: { caller?: string }) => {
        seen.push(bindings.caller);
        return new Response();
      },
    };
    const requestContext = { requestId, authorizer } as APIGatewayProxyEvent["requestContext"];
    const headers = { authorization: "Bearer abc", "x-amzn-sub": "abc" };
    await httpHandler(() => ({ app, log }))(anEvent({ requestContext, headers }), context);
    expect(seen).toEqual([caller]);
  });
});

it("fails for an event of something else, and names what it got", async () => {
  const event = { Records: [] } as unknown as APIGatewayProxyEvent;
  const log = createLog({ service: "test", environment: "dev", level: "ERROR" });
  const handler = httpHandler(() => ({ app: { fetch: () => new Response() }, log }));
  await expect(handler(event, context)).rejects.toThrow(
    "the event must be a request of an API Gateway REST API, got the fields Records",
  );
});

it("starts the program once, and again while starting fails", async () => {
  const log = createLog({ service: "test", environment: "dev", level: "ERROR" });
  const start = jest.fn(() => ({ app: { fetch: () => new Response() }, log }));
  start.mockImplementationOnce(() => {
    throw new Error("PORT is missing");
  });
  const handler = httpHandler(start);
  await expect(handler(anEvent(), context)).rejects.toThrow("PORT is missing");
  await handler(anEvent(), context);
  await handler(anEvent(), context);
  expect(start).toHaveBeenCalledTimes(2);
});
