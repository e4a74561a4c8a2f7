import { defineRule, each } from "../rule";

const API_GATEWAY_TIMEOUT_SECONDS = 29;

export const functionTimeoutFitsApiGateway = defineRule({
  id: "function-timeout-fits-api-gateway",
  sentence: "A function behind API Gateway has a timeout that API Gateway waits for.",
  source:
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html",
  settings: ["media.timeout"],
  find: each("aws_api_gateway_integration", (integration, stack) => {
    const fn = stack.functionMeant(integration.at("uri").text);
    return fn === undefined || !(fn.at("timeout").number > API_GATEWAY_TIMEOUT_SECONDS)
      ? undefined
      : {
          finding: `${fn.address} has a timeout of ${fn.at("timeout").text} s; API Gateway waits ${API_GATEWAY_TIMEOUT_SECONDS} s`,
          remedy: `set media.timeout (timeout of another NodeFunction) to "${API_GATEWAY_TIMEOUT_SECONDS} seconds" or less`,
        };
  }),
});
