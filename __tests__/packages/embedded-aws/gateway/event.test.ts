import {
  type GatewayRequest,
  isBinary,
  proxyEvent,
  requestTime,
} from "../../../../packages/embedded-aws/gateway/event";
import { definition, route } from "./definition";

const place = { accountId: "111111111111", region: "us-east-1" };
const match = { route: route("GET /media/{id}"), pathParameters: { id: "42" } };

function request(more: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    method: "GET",
    path: "/media/42",
    query: new URLSearchParams(),
    rawHeaders: ["Host", "127.0.0.1:1234", "User-Agent", "curl/8"],
    body: Buffer.alloc(0),
    sourceIp: "127.0.0.1",
    requestId: "0c7e2c3a-0000-4000-8000-000000000000",
    time: Date.UTC(2026, 10, 23, 21, 30, 5),
    traceHeader: "Root=1-a;Parent=b;Sampled=1",
    ...more,
  };
}

const eventOf = (more: Partial<GatewayRequest> = {}, api = definition()) =>
  proxyEvent({ definition: api, place }, match, request(more));

describe("the event of a request", () => {
  it("names resource, path, parameters and stage as a REST API does", () => {
    expect(eventOf()).toMatchObject({
      resource: "/media/{id}",
      path: "/media/42",
      httpMethod: "GET",
      pathParameters: { id: "42" },
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
      requestContext: {
        accountId: "111111111111",
        apiId: "a1b2c3",
        domainName: "a1b2c3.execute-api.us-east-1.amazonaws.com",
        path: "/api/media/42",
        resourcePath: "/media/{id}",
        requestId: "0c7e2c3a-0000-4000-8000-000000000000",
        requestTime: "23/Nov/2026:21:30:05 +0000",
        stage: "api",
        identity: { sourceIp: "127.0.0.1", userAgent: "curl/8" },
      },
    });
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "holds a parameter and a header whose name is %s",
    (name) => {
      const sent = eventOf({
        query: new URLSearchParams([[name, "1"]]),
        rawHeaders: ["Host", "x", name, "2"],
      });
      const { multiValueQueryStringParameters, headers } = JSON.parse(JSON.stringify(sent)) as typeof sent;
      expect(Object.entries(multiValueQueryStringParameters ?? {})).toEqual([[name, ["1"]]]);
      expect(Object.entries(headers)).toContainEqual([name, "2"]);
    },
  );

  it("holds every value of a repeated parameter, and the last one alone", () => {
    const event = eventOf({ query: new URLSearchParams("tag=a&tag=b%20c&limit=5&empty=") });
    expect(event.multiValueQueryStringParameters).toEqual({ tag: ["a", "b c"], limit: ["5"], empty: [""] });
    expect(event.queryStringParameters).toEqual({ tag: "b c", limit: "5", empty: "" });
  });

  it("passes headers unchanged, without those of the connection", () => {
    const rawHeaders = [
      "Accept",
      "a",
      "Accept",
      "b",
      "X-Custom",
      "1",
      "Connection",
      "keep-alive",
      "X-Forwarded-For",
      "10.0.0.9",
    ];
    const event = eventOf({ rawHeaders });
    expect(event.multiValueHeaders).toMatchObject({ Accept: ["a", "b"], "X-Custom": ["1"] });
    expect(event.headers).toEqual({
      Accept: "b",
      "X-Custom": "1",
      "X-Amzn-Trace-Id": "Root=1-a;Parent=b;Sampled=1",
      "X-Forwarded-For": "10.0.0.9, 127.0.0.1",
      "X-Forwarded-Port": "443",
      "X-Forwarded-Proto": "https",
    });
  });

  it("holds text as text, and what the API names as binary in base64", () => {
    const rawHeaders = ["Content-Type", "image/png; q=1"];
    const body = Buffer.from([0, 255]);
    expect(eventOf({ body: Buffer.from("{}") })).toMatchObject({ body: "{}", isBase64Encoded: false });
    const binary = eventOf({ rawHeaders, body }, definition({ binaryMediaTypes: ["image/*"] }));
    expect(binary).toMatchObject({ body: "AP8=", isBase64Encoded: true });
  });

  it("has the stage's variables", () => {
    expect(eventOf({}, definition({ stageVariables: { a: "1" } })).stageVariables).toEqual({ a: "1" });
  });
});

it.each([
  [["*/*"], "text/plain", true],
  [["image/png"], "image/png", true],
  [["image/*"], "image/jpeg; x=1", true],
  [["image/*"], "imagex/png", false],
  [[], "image/png", false],
])("a body is binary by %j: %s is %s", (types, type, binary) => {
  expect(isBinary(types, type)).toBe(binary);
});

it("writes the time of a request in UTC", () => {
  expect(requestTime(0)).toBe("01/Jan/1970:00:00:00 +0000");
});
