import { requestTime } from "./event";

/** Values for an access log line. */
export interface AccessLogEntry {
  readonly apiId: string;
  readonly stage: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly method: string;
  /** Path with the stage. */
  readonly path: string;
  /** Resource path, such as `/media/{id}`; undefined if no route matched. */
  readonly resourcePath: string | undefined;
  readonly status: number;
  readonly responseBytes: number;
  /** Latency in milliseconds. */
  readonly latency: number;
  readonly integrationLatency: number | undefined;
  readonly integrationStatus: number | undefined;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly trace: string;
  readonly error: { readonly message: string; readonly integration?: string | undefined } | undefined;
}

function variables(entry: AccessLogEntry): Record<string, string | number | undefined> {
  const integrationStatus = entry.integrationStatus;
  return {
    accountId: entry.accountId,
    apiId: entry.apiId,
    "error.message": entry.error?.message,
    "error.messageString": entry.error && JSON.stringify(entry.error.message),
    extendedRequestId: `${entry.requestId.slice(0, 8)}=`,
    httpMethod: entry.method,
    "identity.sourceIp": entry.sourceIp,
    "identity.userAgent": entry.userAgent,
    "integration.error": entry.error?.integration,
    "integration.latency": entry.integrationLatency,
    "integration.status": integrationStatus,
    integrationErrorMessage: entry.error?.integration,
    integrationLatency: entry.integrationLatency,
    integrationStatus,
    path: entry.path,
    protocol: "HTTP/1.1",
    requestId: entry.requestId,
    requestTime: requestTime(entry.time),
    requestTimeEpoch: entry.time,
    resourcePath: entry.resourcePath,
    responseLatency: entry.latency,
    responseLength: entry.responseBytes,
    stage: entry.stage,
    status: entry.status,
    xrayTraceId: entry.trace,
  };
}

/** A line in the stage's format; unknown values are hyphens, as in API Gateway. */
export function accessLogLine(format: string, entry: AccessLogEntry): string {
  const known = variables(entry);
  return format.replace(/\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g, (_, name: string) =>
    String(known[name] ?? "-"),
  );
}
