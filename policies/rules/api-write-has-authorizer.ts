import { defineRule, each } from "../rule";

const READ_METHODS = ["GET", "HEAD", "OPTIONS"];

export const apiWriteHasAuthorizer = defineRule({
  id: "api-write-has-authorizer",
  sentence: "API methods that write require an authorizer.",
  source:
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
  code: { "stacks/constructs/api/api-routes.ts": ["authorization", "authorizerId"] },
  find: each("aws_api_gateway_method", (method) =>
    READ_METHODS.includes(method.at("http_method").text) ||
    method.at("authorization").text === "AWS_IAM" ||
    (["COGNITO_USER_POOLS", "CUSTOM"].includes(method.at("authorization").text) &&
      method.at("authorizer_id").exists)
      ? undefined
      : {
          finding: `${method.at("http_method").text} is allowed without a token`,
          remedy: 'set authorization to "COGNITO_USER_POOLS", and authorizerId',
        },
  ),
});
