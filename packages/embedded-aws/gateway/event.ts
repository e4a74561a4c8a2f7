import type { APIGatewayProxyEvent } from "aws-lambda";
import type { ApiDefinition } from "./definition";
import type { Match } from "./routes";

/** A received request. */
export interface GatewayRequest {
  readonly method: string;
  /** Path without the stage, as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names and values alternating, like Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly traceHeader: string;
  /** Claims of the caller's token; undefined on public routes. */
  readonly claims?: Readonly<Record<string, string>>;
}

type Many = Record<string, string[]>;

/** All values by name; a name may be one that objects inherit, such as `constructor`. */
function gather(pairs: Iterable<readonly [string, string]>): Many {
  const found = new Map<string, string[]>();
  for (const [name, value] of pairs) found.set(name, [...(found.get(name) ?? []), value]);
  return Object.fromEntries(found);
}

/** Single values of multi-value parameters: API Gateway uses the last. */
const last = (many: Many): Record<string, string> =>
  Object.fromEntries(Object.entries(many).map(([name, values]) => [name, values.at(-1) ?? ""]));

const orNull = <T extends object>(values: T): T | null => (Object.keys(values).length > 0 ? values : null);

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `23/Nov/2026:21:30:00 +0000` */
export function requestTime(time: number): string {
  const [date = "", clock = ""] = new Date(time).toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${months[Number(month) - 1]}/${year}:${clock.slice(0, 8)} +0000`;
}

/** Whether API Gateway encodes a body of that type as base64. */
export function isBinary(types: readonly string[], contentType: string): boolean {
  const type = contentType.split(";")[0]?.trim() ?? "";
  return types.some(
    (known) =>
      known === "*/*" || known === type || (known.endsWith("/*") && type.startsWith(known.slice(0, -1))),
  );
}

const nobody = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

export interface ApiPlace {
  readonly accountId: string;
  readonly region: string;
}

function headersOf(request: GatewayRequest): Many {
  const pairs: [string, string][] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    pairs.push([request.rawHeaders[i] ?? "", request.rawHeaders[i + 1] ?? ""]);
  }
  const own =
    /^(connection|keep-alive|transfer-encoding|upgrade|x-amzn-trace-id|x-forwarded-(for|port|proto))$/i;
  const forwarded = pairs.find(([name]) => /^x-forwarded-for$/i.test(name))?.[1];
  return gather([
    ...pairs.filter(([name]) => !own.test(name)),
    ["X-Amzn-Trace-Id", request.traceHeader],
    ["X-Forwarded-For", forwarded ? `${forwarded}, ${request.sourceIp}` : request.sourceIp],
    ["X-Forwarded-Port", "443"],
    ["X-Forwarded-Proto", "https"],
  ]);
}

/** A stage of an API with its account and region. */
export interface DeployedApi {
  readonly definition: ApiDefinition;
  readonly place: ApiPlace;
}

/** The event of a REST API's Lambda proxy integration, in its payload format 1.0. */
export function proxyEvent(
  { definition: api, place: { accountId, region } }: DeployedApi,
  { route, pathParameters }: Match,
  request: GatewayRequest,
): APIGatewayProxyEvent {
  const headers = headersOf(request);
  const query = gather(request.query);
  const one = last(headers);
  const header = (name: string) => Object.entries(one).find(([key]) => key.toLowerCase() === name)?.[1];
  const binary = isBinary(api.binaryMediaTypes, header("content-type") ?? "");
  return {
    resource: route.path,
    path: request.path,
    httpMethod: request.method,
    headers: one,
    multiValueHeaders: headers,
    queryStringParameters: orNull(last(query)),
    multiValueQueryStringParameters: orNull(query),
    pathParameters: orNull({ ...pathParameters }),
    stageVariables: orNull({ ...api.stageVariables }),
    requestContext: {
      accountId,
      apiId: api.id,
      authorizer: orNull(request.claims ?? {}) && { claims: request.claims },
      deploymentId: api.deploymentId,
      domainName: `${api.id}.execute-api.${region}.amazonaws.com`,
      domainPrefix: api.id,
      extendedRequestId: `${request.requestId.slice(0, 8)}=`,
      httpMethod: request.method,
      identity: { ...nobody, sourceIp: request.sourceIp, userAgent: header("user-agent") ?? null },
      path: `/${api.stage}${request.path}`,
      protocol: "HTTP/1.1",
      requestId: request.requestId,
      requestTime: requestTime(request.time),
      requestTimeEpoch: request.time,
      resourceId: route.resourceId,
      resourcePath: route.path,
      stage: api.stage,
    } as APIGatewayProxyEvent["requestContext"],
    body: request.body.length === 0 ? null : request.body.toString(binary ? "base64" : "utf8"),
    isBase64Encoded: binary && request.body.length > 0,
  };
}
