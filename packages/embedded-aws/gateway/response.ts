/** What the caller gets. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
  /** Why it failed, for the access log. */
  readonly error?: { readonly message: string; readonly integration?: string | undefined };
}

/** An answer of API Gateway itself. */
export function gatewayError(
  status: number,
  type: string,
  message: string,
  integration?: string,
): GatewayResponse {
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": type },
    body: Buffer.from(JSON.stringify({ message })),
    error: { message, integration },
  };
}

export const failures = {
  missingToken: () =>
    gatewayError(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
  unknownStage: () => gatewayError(403, "ForbiddenException", "Forbidden"),
  unauthorized: () => gatewayError(401, "UnauthorizedException", "Unauthorized"),
  throttled: () => gatewayError(429, "TooManyRequestsException", "Too Many Requests"),
  tooLarge: () => gatewayError(413, "RequestTooLargeException", "Request Too Long"),
  badRequest: (message: string) => gatewayError(400, "BadRequestException", message),
  malformed: (why: string) => gatewayError(502, "InternalServerErrorException", "Internal server error", why),
  notInvoked: (why: string) =>
    gatewayError(500, "InternalServerErrorException", "Internal server error", why),
  timedOut: () =>
    gatewayError(504, "InternalServerErrorException", "Endpoint request timed out", "Execution timed out"),
};

interface ProxyResult {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>> | null;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

/** Headers that a function can't set on an answer of API Gateway: they are renamed. */
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

/** The answer that a function's result stands for; 502 when it is none. */
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
