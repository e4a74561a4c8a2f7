import { each, unless } from "../rule";

const READ_METHODS = ["GET", "HEAD", "OPTIONS"];

export const apiWritesWantAToken = each("aws_api_gateway_method", (method) =>
  unless(
    READ_METHODS.includes(method.at("http_method").text) ||
      method.at("authorization").text === "AWS_IAM" ||
      (["COGNITO_USER_POOLS", "CUSTOM"].includes(method.at("authorization").text) &&
        method.at("authorizer_id").exists),
    `anybody may ${method.at("http_method").text}`,
    'set authorization: "COGNITO_USER_POOLS" and authorizerId',
  ),
);
