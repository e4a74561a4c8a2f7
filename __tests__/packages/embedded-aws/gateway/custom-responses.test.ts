import type { GetGatewayResponsesCommandOutput } from "@aws-sdk/client-api-gateway";
import { customized, toCustomResponses } from "../../../../packages/embedded-aws/gateway/custom-responses";
import {
  failures,
  type GatewayResponse,
  proxyResponse,
} from "../../../../packages/embedded-aws/gateway/response";

const request = { requestId: "6b04b525" };

const responsesOf = (items: GetGatewayResponsesCommandOutput["items"]) =>
  toCustomResponses({ items, $metadata: {} });

const custom = responsesOf([
  {
    responseType: "UNAUTHORIZED",
    statusCode: "418",
    responseParameters: {
      "gatewayresponse.header.Content-Type": "'application/problem+json'",
      "gatewayresponse.header.X-Request-Id": "context.requestId",
    },
    responseTemplates: {
      "application/json":
        '{"detail":$context.error.messageString,"id":"$context.requestId","at":"context.x"}',
    },
  },
  { responseType: "DEFAULT_4XX", responseTemplates: { "application/json": "$context.error.responseType" } },
  { responseType: "DEFAULT_5XX", responseParameters: { "gatewayresponse.header.Retry-After": "'1'" } },
  { responseType: "THROTTLED", defaultResponse: true, responseTemplates: { "application/json": "never" } },
]);

const answer = (response: GatewayResponse) => {
  const { status, headers, body } = customized(response, custom, request);
  return { status, headers, body: body.toString() };
};

test("a gateway response sets status, headers and body of its type", () => {
  expect(answer(failures.unauthorized())).toEqual({
    status: 418,
    headers: {
      "content-type": "application/problem+json",
      "x-amzn-errortype": "UnauthorizedException",
      "x-request-id": "6b04b525",
    },
    body: '{"detail":"Unauthorized","id":"6b04b525","at":"context.x"}',
  });
});

test("the general ones are for all other types, and keep what they do not set", () => {
  expect(answer(failures.throttled())).toMatchObject({ status: 429, body: "THROTTLED" });
  expect(answer(failures.badRequest({ part: "BODY", message: "Invalid" })).body).toBe("BAD_REQUEST_BODY");
  expect(answer(failures.timedOut())).toMatchObject({
    status: 504,
    headers: { "retry-after": "1", "content-type": "application/json" },
    body: '{"message":"Endpoint request timed out"}',
  });
});

test("an error of the function stays as it is, and so does one of another stage", () => {
  const own = proxyResponse(JSON.stringify({ statusCode: 401, body: "mine" }));
  expect(customized(own, custom, request)).toBe(own);
  expect(answer(failures.unknownStage()).body).toBe('{"message":"Forbidden"}');
  const general = failures.tooLarge();
  expect(customized(general, new Map(), request)).toBe(general);
});

test.each([
  ["a template", { responseTemplates: { "application/json": "$context.authorizer.name" } }],
  ["a header", { responseParameters: { "gatewayresponse.header.X": "method.request.header.X" } }],
])("a variable that it can't fill in %s is refused", (_, response) => {
  expect(() => responsesOf([{ responseType: "THROTTLED", ...response }])).toThrow(
    /THROTTLED uses \S+, which the local gateway can't fill/,
  );
});
