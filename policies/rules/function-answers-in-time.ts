import { each } from "../rule";

const API_GATEWAY_TIMEOUT_SECONDS = 29;

export const functionAnswersInTime = each("aws_api_gateway_integration", (integration, stack) => {
  const fn = stack.functionMeant(integration.at("uri").text);
  return fn === undefined || !(fn.at("timeout").number > API_GATEWAY_TIMEOUT_SECONDS)
    ? undefined
    : {
        finding: `waits for ${fn?.address}, which may take ${fn?.at("timeout").text} s: API Gateway gives up first`,
        remedy: `set the function's timeout to ${API_GATEWAY_TIMEOUT_SECONDS} or less`,
      };
});
