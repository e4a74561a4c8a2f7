import { accessLogLine } from "../../../../packages/embedded-aws/gateway/access-log";
import { functionArnOf } from "../../../../packages/embedded-aws/gateway/definition";
import { allowsInvocation } from "../../../../packages/embedded-aws/lambda/invoke-permission";
import { Throttles, TokenBucket } from "../../../../packages/embedded-aws/gateway/throttle";
import { requestFault } from "../../../../packages/embedded-aws/gateway/validation";
import { functionOf } from "../../../../packages/embedded-aws/lambda/function-reference";
import { route } from "./definition";

describe("throttling", () => {
  it("allows a burst, then the rate", () => {
    const bucket = new TokenBucket({ rate: 2, burst: 3 }, 0);
    const taken = (times: number[]) => times.map((time) => bucket.take(time));
    expect(taken([0, 0, 0, 0])).toEqual([true, true, true, false]);
    expect(taken([400, 500, 500, 1_000])).toEqual([false, true, false, true]);
    expect(taken([60_000, 60_000, 60_000, 60_000])).toEqual([true, true, true, false]);
  });

  it("is the stage's, but for methods with settings of their own", () => {
    const throttles = new Throttles({
      "*/*": { rate: 1, burst: 1 },
      "media~1{id}/GET": { rate: 1, burst: 2 },
    });
    const admitted = (path: string) => throttles.admits({ path, method: "GET" });
    expect([admitted("/media"), admitted("/health"), admitted("/media")]).toEqual([true, false, false]);
    expect([1, 2, 3].map(() => admitted("/media/{id}"))).toEqual([true, true, false]);
    expect(new Throttles({}).admits({ path: "/media", method: "GET" })).toBe(true);
  });
});

describe("request validation", () => {
  const schema = JSON.stringify({
    $schema: "http://json-schema.org/draft-04/schema#",
    type: "object",
    required: ["title"],
    properties: { title: { type: "string" }, size: { type: "integer", minimum: 0, exclusiveMinimum: true } },
  });
  const validated = route("POST /media/{id}", {
    requiredParameters: [
      "method.request.querystring.limit",
      "method.request.header.X-Key",
      "method.request.path.id",
    ],
    bodySchemas: { "application/json": schema },
  });
  const fault = (
    body: string,
    query = "limit=1",
    headerNames = ["x-key"],
    contentType = "application/json; a=b",
  ) =>
    requestFault(
      { route: validated, pathParameters: { id: "1" } },
      { query: new URLSearchParams(query), headerNames, contentType, body: Buffer.from(body) },
    );

  it("accepts what matches the models and parameters", () => {
    expect(fault('{"title":"a","size":1}')).toBeUndefined();
  });

  it("names the parameters that are missing", () => {
    expect(fault("{}", "", [])).toEqual({
      part: "PARAMETERS",
      message: "Missing required request parameters: [limit, X-Key]",
    });
  });

  it.each(["", "{", "{}", "[]", '{"title":1}', '{"title":"a","size":0}'])("refuses the body %j", (body) => {
    expect(fault(body)).toEqual({ part: "BODY", message: "Invalid request body" });
  });

  it.each(["text/plain", "constructor", "__proto__; a=b", "toString"])(
    "leaves the content type %s alone",
    (type) => {
      expect(fault("anything", "limit=1", ["x-key"], type)).toBeUndefined();
    },
  );
});

describe("the permission to call a function", () => {
  const functionArn = "arn:aws:lambda:us-east-1:111111111111:function:media:live";
  const allow = {
    Effect: "Allow",
    Action: "lambda:InvokeFunction",
    Principal: { Service: "apigateway.amazonaws.com" },
    Resource: functionArn,
    Condition: {
      ArnLike: { "AWS:SourceArn": "arn:aws:execute-api:us-east-1:111111111111:a1b2c3/api/*" },
    },
  };
  const allows = (...Statement: object[]) =>
    allowsInvocation(JSON.stringify({ Version: "2012-10-17", Statement }), {
      service: "apigateway.amazonaws.com",
      functionArn,
      sourceArn: "arn:aws:execute-api:us-east-1:111111111111:a1b2c3/api/GET/media",
      sourceAccount: "111111111111",
    });

  it("is given by a statement for the API and its stage", () => {
    expect(allows(allow)).toBe(true);
    expect(allows({ ...allow, Condition: undefined })).toBe(true);
    expect(allows({ ...allow, Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } } })).toBe(
      true,
    );
  });

  it.each([
    [{ Effect: "Deny" }],
    [{ Action: "lambda:GetFunction" }],
    [{ Principal: { Service: "events.amazonaws.com" } }],
    [{ Resource: `${functionArn}2` }],
    [{ Condition: { ArnLike: { "AWS:SourceArn": "arn:aws:execute-api:us-east-1:111111111111:other/*" } } }],
    [
      {
        Condition: {
          StringNotEquals: {
            "AWS:SourceArn": "arn:aws:execute-api:us-east-1:111111111111:a1b2c3/api/GET/media",
          },
        },
      },
    ],
    [{ Condition: { StringEquals: { "AWS:SourceAccount": "222222222222" } } }],
  ])("is not given by %j", (statement) => {
    expect(allows({ ...allow, ...statement })).toBe(false);
  });

  it("is denied by a Deny next to the Allow", () => {
    expect(allows(allow, { ...allow, Effect: "Deny", Condition: undefined })).toBe(false);
    expect(
      allows(allow, {
        ...allow,
        Effect: "Deny",
        Principal: "*",
        NotAction: "lambda:Get*",
        Action: undefined,
      }),
    ).toBe(false);
  });
});

describe("an access log", () => {
  it("fills in the format; an unknown variable is a hyphen", () => {
    const entry = {
      apiId: "a",
      stage: "api",
      accountId: "1",
      requestId: "r",
      sourceIp: "127.0.0.1",
      userAgent: "curl",
      method: "GET",
      path: "/api/media",
      resourcePath: undefined,
      status: 403,
      responseBytes: 42,
      latency: 3,
      integrationLatency: undefined,
      integrationStatus: undefined,
      time: 0,
      trace: "1-x",
      error: { message: "Missing Authentication Token" },
    };
    const format =
      "$context.requestId $context.identity.sourceIp $context.resourcePath $context.status $context.error.message $context.unknown $other";
    expect(accessLogLine(format, entry)).toBe("r 127.0.0.1 - 403 Missing Authentication Token - $other");
  });
});

describe("a function's name", () => {
  it.each([
    ["media", { functionName: "media" }],
    ["media:live", { functionName: "media", qualifier: "live" }],
    ["arn:aws:lambda:us-east-1:111111111111:function:media:7", { functionName: "media", qualifier: "7" }],
  ])("is read from %s", (text, parts) => {
    expect(functionOf(text)).toEqual(parts);
  });

  it("is read from an integration's address", () => {
    const arn = "arn:aws:lambda:us-east-1:111111111111:function:media:live";
    expect(
      functionArnOf(`arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`),
    ).toBe(arn);
    expect(functionArnOf("https://example.org")).toBeUndefined();
  });
});
