import {
  APIGatewayClient,
  GetAuthorizersCommand,
  GetGatewayResponsesCommand,
  GetRequestValidatorsCommand,
  GetRestApiCommand,
  GetStageCommand,
  type Method,
  paginateGetModels,
  paginateGetResources,
  type Resource,
} from "@aws-sdk/client-api-gateway";
import type { AwsClientConfig } from "../client";
import { type CustomResponses, toCustomResponses } from "./custom-responses";

/** A deployed method of a resource. */
export interface Route {
  /** HTTP method, or `ANY`. */
  readonly method: string;
  /** Resource path, such as `/media/{id}`. */
  readonly path: string;
  readonly resourceId: string;
  readonly functionArn: string;
  /** Integration timeout in milliseconds. */
  readonly timeout: number;
  /** Authorization type; `NONE` for public methods. */
  readonly authorization: string;
  /** ARNs of the accepted user pools, with Cognito authorization. */
  readonly userPools: readonly string[];
  /** Required parameters, such as `method.request.querystring.limit`; empty without validation. */
  readonly requiredParameters: readonly string[];
  /** JSON schemas of bodies by content type, if validated. */
  readonly bodySchemas: Readonly<Record<string, string>>;
}

export interface Throttle {
  /** Requests per second. */
  readonly rate: number;
  readonly burst: number;
}

export interface ApiDefinition {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  readonly deploymentId: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly binaryMediaTypes: readonly string[];
  readonly tracing: boolean;
  /** By `/path/METHOD`, or `*&#47;*` for the rest. */
  readonly throttles: Readonly<Record<string, Throttle>>;
  readonly accessLog: { readonly format: string; readonly logGroup: string } | undefined;
  readonly routes: readonly Route[];
  readonly customResponses: CustomResponses;
}

/** `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function arn>/invocations` */
export function functionArnOf(uri: string): string | undefined {
  return /\/functions\/(arn:aws:lambda:[^/]+)\/invocations$/.exec(uri)?.[1];
}

/** Reads a deployed REST API. Throws if the local gateway can't serve an integration. */
export async function readDefinition(
  config: AwsClientConfig,
  { id, stage }: { readonly id: string; readonly stage: string },
): Promise<ApiDefinition> {
  const client = new APIGatewayClient(config);
  const [api, deployed, validators, authorizers, responses, schemas, resources] = await Promise.all([
    client.send(new GetRestApiCommand({ restApiId: id })),
    client.send(new GetStageCommand({ restApiId: id, stageName: stage })),
    client.send(new GetRequestValidatorsCommand({ restApiId: id, limit: 500 })),
    client.send(new GetAuthorizersCommand({ restApiId: id, limit: 500 })),
    client.send(new GetGatewayResponsesCommand({ restApiId: id, limit: 500 })),
    readSchemas(client, id),
    readResources(client, id),
  ]);
  const validates = new Map(validators.items?.map((validator) => [validator.id, validator]));
  const routes = resources.flatMap((resource) =>
    Object.entries(resource.resourceMethods ?? {}).map(([name, method]): Route => {
      const path = resource.path ?? "/";
      const validator = validates.get(method.requestValidatorId);
      return {
        method: name,
        path,
        resourceId: resource.id ?? "",
        ...integrationOf(`${name} ${path}`, method),
        userPools: authorizers.items?.find(({ id: one }) => one === method.authorizerId)?.providerARNs ?? [],
        authorization: method.apiKeyRequired ? "API key" : (method.authorizationType ?? "NONE"),
        requiredParameters: validator?.validateRequestParameters ? requiredOf(method) : [],
        bodySchemas: validator?.validateRequestBody ? schemasOf(method, schemas) : {},
      };
    }),
  );
  const { accessLogSettings: log } = deployed;
  return {
    id,
    name: api.name ?? id,
    stage,
    deploymentId: deployed.deploymentId ?? "",
    stageVariables: deployed.variables ?? {},
    binaryMediaTypes: api.binaryMediaTypes ?? [],
    tracing: deployed.tracingEnabled ?? false,
    throttles: Object.fromEntries(
      Object.entries(deployed.methodSettings ?? {}).flatMap(([key, settings]) => {
        const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = settings;
        return rate !== undefined && burst !== undefined && burst > 0 ? [[key, { rate, burst }]] : [];
      }),
    ),
    accessLog: log?.format
      ? { format: log.format, logGroup: /:log-group:([^:]+)/.exec(log.destinationArn ?? "")?.[1] ?? "" }
      : undefined,
    routes,
    customResponses: toCustomResponses(responses),
  };
}

async function readResources(client: APIGatewayClient, restApiId: string): Promise<Resource[]> {
  const found: Resource[] = [];
  for await (const page of paginateGetResources(
    { client, pageSize: 500 },
    { restApiId, embed: ["methods"] },
  )) {
    found.push(...(page.items ?? []));
  }
  return found;
}

async function readSchemas(client: APIGatewayClient, restApiId: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const page of paginateGetModels({ client, pageSize: 500 }, { restApiId })) {
    for (const { name, schema } of page.items ?? []) if (name && schema) found.set(name, schema);
  }
  return found;
}

function integrationOf(route: string, { methodIntegration }: Method): Pick<Route, "functionArn" | "timeout"> {
  const { type, uri = "", timeoutInMillis = 29_000 } = methodIntegration ?? {};
  const functionArn = functionArnOf(uri);
  if (type === "AWS_PROXY" && functionArn) return { functionArn, timeout: timeoutInMillis };
  throw new Error(
    `${route} has the integration ${type ?? "none"} ${uri}: the local gateway only supports AWS_PROXY to Lambda`,
  );
}

function requiredOf({ requestParameters }: Method): string[] {
  return Object.entries(requestParameters ?? {})
    .filter(([, required]) => required)
    .map(([name]) => name);
}

function schemasOf({ requestModels }: Method, schemas: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(requestModels ?? {}).flatMap(([type, model]) => {
      const schema = schemas.get(model);
      return schema ? [[type, schema]] : [];
    }),
  );
}
