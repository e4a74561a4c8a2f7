import {
  APIGatewayClient,
  GetAuthorizersCommand,
  GetRequestValidatorsCommand,
  GetRestApiCommand,
  GetStageCommand,
  type Method,
  paginateGetModels,
  paginateGetResources,
  type Resource,
} from "@aws-sdk/client-api-gateway";
import type { AwsClientConfig } from "../client";

/** One method of one resource, as deployed. */
export interface Route {
  /** `GET`, or `ANY`. */
  readonly method: string;
  /** Such as `/media/{id}`. */
  readonly path: string;
  readonly resourceId: string;
  readonly functionArn: string;
  /** Milliseconds until the caller is told that the function took too long. */
  readonly timeout: number;
  /** `NONE`, or what the caller must bring. */
  readonly authorization: string;
  /** ARNs of the user pools whose tokens are taken, where that is what the caller must bring. */
  readonly userPools: readonly string[];
  /** `method.request.querystring.limit` and whether it must be there; undefined where nothing is validated. */
  readonly requiredParameters: readonly string[];
  /** JSON schema by content type, where bodies are validated. */
  readonly bodySchemas: Readonly<Record<string, string>>;
}

export interface Throttle {
  /** Requests a second. */
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
}

/** `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function arn>/invocations` */
export function functionArnOf(uri: string): string | undefined {
  return /\/functions\/(arn:aws:lambda:[^/]+)\/invocations$/.exec(uri)?.[1];
}

/** Reads a deployed REST API. Throws when it has an integration that the local gateway can't serve. */
export async function readDefinition(
  config: AwsClientConfig,
  { id, stage }: { readonly id: string; readonly stage: string },
): Promise<ApiDefinition> {
  const client = new APIGatewayClient(config);
  const [api, deployed, validators, authorizers, schemas, resources] = await Promise.all([
    client.send(new GetRestApiCommand({ restApiId: id })),
    client.send(new GetStageCommand({ restApiId: id, stageName: stage })),
    client.send(new GetRequestValidatorsCommand({ restApiId: id, limit: 500 })),
    client.send(new GetAuthorizersCommand({ restApiId: id, limit: 500 })),
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
    `${route} is answered by ${type ?? "nothing"} ${uri}: the local gateway serves AWS_PROXY to Lambda only`,
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
