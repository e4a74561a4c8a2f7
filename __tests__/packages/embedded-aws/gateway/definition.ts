import type { ApiDefinition, Route } from "../../../../packages/embedded-aws/gateway/definition";

/** A route of an API definition: `route("GET /media/{id}")`. */
export function route(text: string, more: Partial<Route> = {}): Route {
  const [method = "", path = ""] = text.split(" ");
  return {
    method,
    path,
    resourceId: "abc",
    functionArn: "arn:aws:lambda:us-east-1:111111111111:function:media:live",
    timeout: 29_000,
    authorization: "NONE",
    userPools: [],
    requiredParameters: [],
    bodySchemas: {},
    ...more,
  };
}

export function definition(more: Partial<ApiDefinition> = {}): ApiDefinition {
  return {
    id: "a1b2c3",
    name: "StreamFlow API",
    stage: "api",
    deploymentId: "d1",
    stageVariables: {},
    binaryMediaTypes: [],
    tracing: true,
    throttles: {},
    accessLog: undefined,
    routes: [],
    customResponses: new Map(),
    ...more,
  };
}
