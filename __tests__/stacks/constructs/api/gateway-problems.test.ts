import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { SCHEMAS } from "../../../../handlers/media/operations";
import { customized, toCustomResponses } from "../../../../packages/embedded-aws/gateway/custom-responses";
import { failures } from "../../../../packages/embedded-aws/gateway/response";
import { GatewayProblems } from "../../../../stacks/constructs/api/gateway-problems";
import { synthOf } from "../../../support/synth";

const REQUEST_ID = "6b04b525-fcd0-4a6e-9787-a5b1a9048d30";

const synthesized = synthOf((stack) => {
  new GatewayProblems(stack, "problems", { api: new ApiGatewayRestApi(stack, "api", { name: "test" }) });
});

const responses = toCustomResponses({
  items: Object.values(synthesized.of("aws_api_gateway_gateway_response")).map((response) => ({
    responseType: response.response_type as "THROTTLED",
    statusCode: response.status_code as string,
    responseParameters: response.response_parameters as Record<string, string>,
    responseTemplates: response.response_templates as Record<string, string>,
  })),
  $metadata: {},
});

const EXPECTED = {
  missingToken: [404, "not-found", "This API has no such path or method."],
  unauthorized: [401, undefined, "Unauthorized"],
  throttled: [429, undefined, "Too Many Requests"],
  tooLarge: [413, undefined, "Request Too Long"],
  timedOut: [504, undefined, "Endpoint request timed out"],
} as const;

test.each(Object.entries(EXPECTED))("%s is a problem like the API's own", (name, [status, code, detail]) => {
  const response = customized(failures[name as keyof typeof EXPECTED](), responses, {
    requestId: REQUEST_ID,
  });
  expect(response.status).toBe(status);
  expect(response.headers).toMatchObject({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-request-id": REQUEST_ID,
  });
  const problem: unknown = JSON.parse(response.body.toString());
  expect(SCHEMAS.Problem.safeParse(problem).error).toBeUndefined();
  expect(problem).toMatchObject({
    status,
    detail,
    instance: `urn:uuid:${REQUEST_ID}`,
    ...(code && { code }),
  });
});

test("an invalid body is a problem, whatever its message contains", () => {
  const fault = { part: "BODY", message: 'no "title"' } as const;
  const { body } = customized(failures.badRequest(fault), responses, { requestId: REQUEST_ID });
  expect(JSON.parse(body.toString())).toMatchObject({ status: 400, code: "invalid", detail: 'no "title"' });
});

test("a throttled client is told when to try again", () => {
  const { headers } = customized(failures.throttled(), responses, { requestId: REQUEST_ID });
  expect(headers["retry-after"]).toBe("1");
});
