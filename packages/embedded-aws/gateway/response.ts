import type { GatewayResponseType } from "@aws-sdk/client-api-gateway";

/** Response to the caller. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
  /** Error for the access log, of a response that API Gateway itself makes. */
  readonly error?: {
    readonly message: string;
    readonly integration?: string | undefined;
    /** Undefined if no gateway response can replace it. */
    readonly responseType?: ResponseType | undefined;
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
export type ResponseType = GatewayResponseType;

/** An error of API Gateway's request validator. */
export interface RequestFault {
  readonly part: "BODY" | "PARAMETERS";
  readonly message: string;
}

export interface GatewayError {
  readonly status: number;
  /** Type for the header `x-amzn-errortype`. */
  readonly type: string;
  /** Type of the gateway response that can replace it. */
  readonly responseType?: ResponseType;
  /** Message for the caller. */
  readonly message: string;
  /** Integration error for the access log. */
  readonly integration?: string;
}

/** An error response of API Gateway itself. */
export function gatewayError({
  status,
  type,
  responseType,
  message,
  integration,
}: GatewayError): GatewayResponse {
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": type },
    body: Buffer.from(JSON.stringify({ message })),
    error: { message, integration, responseType },
  };
}

const INTERNAL = "InternalServerErrorException";

export const failures = {
  missingToken: () =>
    gatewayError({
      status: 403,
      type: "MissingAuthenticationTokenException",
      responseType: "MISSING_AUTHENTICATION_TOKEN",
      message: "Missing Authentication Token",
    }),
  unknownStage: () => gatewayError({ status: 403, type: "ForbiddenException", message: "Forbidden" }),
  unauthorized: () =>
    gatewayError({
      status: 401,
      type: "UnauthorizedException",
      responseType: "UNAUTHORIZED",
      message: "Unauthorized",
    }),
  throttled: () =>
    gatewayError({
      status: 429,
      type: "TooManyRequestsException",
      responseType: "THROTTLED",
      message: "Too Many Requests",
    }),
  tooLarge: () =>
    gatewayError({
      status: 413,
      type: "RequestTooLargeException",
      responseType: "REQUEST_TOO_LARGE",
      message: "Request Too Long",
    }),
  badRequest: ({ part, message }: RequestFault) =>
    gatewayError({
      status: 400,
      type: "BadRequestException",
      responseType: `BAD_REQUEST_${part}`,
      message,
    }),
  malformed: (why: string) =>
    gatewayError({
      status: 502,
      type: INTERNAL,
      responseType: "DEFAULT_5XX",
      message: "Internal server error",
      integration: why,
    }),
  notInvoked: (why: string) =>
    gatewayError({
      status: 500,
      type: INTERNAL,
      responseType: "API_CONFIGURATION_ERROR",
      message: "Internal server error",
      integration: why,
    }),
  timedOut: () =>
    gatewayError({
      status: 504,
      type: INTERNAL,
      responseType: "INTEGRATION_TIMEOUT",
      message: "Endpoint request timed out",
      integration: "Execution timed out",
    }),
};

interface ProxyResult {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>> | null;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

/** Headers that API Gateway renames when a function sets them. */
const remapped =
  /^(authorization|connection|content-length|content-md5|date|host|server|te|trailer|transfer-encoding|upgrade|user-agent|www-authenticate)$/i;

function headersOf({ headers, multiValueHeaders }: ProxyResult): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  const set = (name: string, value: string | string[]) => {
    const key = name.toLowerCase();
    found[remapped.test(key) ? `x-amzn-remapped-${key}` : key] = value;
  };
  for (const [name, value] of Object.entries(headers ?? {})) set(name, String(value));
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) set(name, values.map(String));
  return found;
}

/** The response from a function's result; 502 if it is malformed. */
export function proxyResponse(payload: string): GatewayResponse {
  let result: ProxyResult | null;
  try {
    result = JSON.parse(payload) as ProxyResult | null;
  } catch {
    result = null;
  }
  const malformed = () =>
    failures.malformed("Execution failed due to configuration error: Malformed Lambda proxy response");
  if (typeof result !== "object" || result === null || Array.isArray(result)) return malformed();
  const status = Number(result.statusCode ?? 200);
  if (!Number.isInteger(status) || status < 100 || status > 599) return malformed();
  const { body = "" } = result;
  if (body !== null && typeof body !== "string") return malformed();
  return {
    status,
    headers: { "content-type": "application/json", ...headersOf(result) },
    body: Buffer.from(body ?? "", result.isBase64Encoded ? "base64" : "utf8"),
  };
}
