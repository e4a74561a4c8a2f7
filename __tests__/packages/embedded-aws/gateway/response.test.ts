import { failures, proxyResponse } from "../../../../packages/embedded-aws/gateway/response";

const answer = (result: unknown) => proxyResponse(JSON.stringify(result));

describe("the response for a function's result", () => {
  it("has its status, headers and body", () => {
    const response = answer({
      statusCode: 201,
      headers: { Location: "/media/1", "X-Count": 3 },
      multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
      body: "é",
    });
    expect(response.status).toBe(201);
    expect(response.headers).toEqual({
      "content-type": "application/json",
      location: "/media/1",
      "x-count": "3",
      "set-cookie": ["a=1", "b=2"],
    });
    expect(response.body.toString()).toBe("é");
  });

  it("may be binary, or have no body", () => {
    expect([...answer({ statusCode: 200, body: "AP8=", isBase64Encoded: true }).body]).toEqual([0, 255]);
    expect(answer({ statusCode: 204 }).body).toHaveLength(0);
  });

  it("may not set the headers of the connection", () => {
    const { headers } = answer({
      statusCode: 200,
      headers: { "Content-Length": "7", Date: "never" },
      body: "",
    });
    expect(headers).toEqual({
      "content-type": "application/json",
      "x-amzn-remapped-content-length": "7",
      "x-amzn-remapped-date": "never",
    });
  });

  it.each([
    ["null"],
    ['"text"'],
    ["[]"],
    ["not JSON"],
    ['{"statusCode":"abc"}'],
    ['{"statusCode":42}'],
    ['{"statusCode":200,"body":{"a":1}}'],
  ])("is 502 for %s", (payload) => {
    const response = proxyResponse(payload);
    expect(response.status).toBe(502);
    expect(JSON.parse(response.body.toString())).toEqual({ message: "Internal server error" });
    expect(response.error?.integration).toContain("Malformed Lambda proxy response");
  });
});

it.each([
  [failures.missingToken(), 403, "Missing Authentication Token"],
  [failures.unknownStage(), 403, "Forbidden"],
  [failures.unauthorized(), 401, "Unauthorized"],
  [failures.throttled(), 429, "Too Many Requests"],
  [failures.tooLarge(), 413, "Request Too Long"],
  [failures.timedOut(), 504, "Endpoint request timed out"],
  [failures.notInvoked("x"), 500, "Internal server error"],
])("API Gateway's own answer %#", ({ status, body, headers }, expected, message) => {
  expect(status).toBe(expected);
  expect(JSON.parse(body.toString())).toEqual({ message });
  expect(headers["x-amzn-errortype"]).toMatch(/Exception$/);
});
