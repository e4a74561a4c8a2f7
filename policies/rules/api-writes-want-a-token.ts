import { each } from "../rule";

const READ_METHODS = ["GET", "HEAD", "OPTIONS"];

export const apiWritesWantAToken = each("aws_api_gateway_method", (method) =>
  READ_METHODS.includes(method.at("http_method").text) ||
  method.at("authorization").text === "AWS_IAM" ||
  (["COGNITO_USER_POOLS", "CUSTOM"].includes(method.at("authorization").text) &&
    method.at("authorizer_id").exists)
    ? undefined
    : {
        finding: `anybody may ${method.at("http_method").text}`,
        remedy: 'set authorization: "COGNITO_USER_POOLS" and authorizerId',
      },
);
