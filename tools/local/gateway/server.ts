import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { newSegmentId, readTraceHeader, type Segment, writeTraceHeader } from "../lambda/trace";
import { type Front, listen } from "../servers/tls-front";
import { accessLogLine } from "./access-log";
import type { GatewayRequest } from "./event";
import type { Gateway, Handled } from "./gateway";
import { failures } from "./response";

export interface GatewayServerOptions {
  readonly gateway: Gateway;
  /** The port; a free one by default. */
  readonly port?: number;
  /** Given each line of the stage's access log. */
  readonly onAccess: (line: string) => void;
  /** Given the stage's own segments, when it is traced. */
  readonly onSegment: (segment: Segment) => void;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Serves a deployed API on a loopback port as `https://<id>.execute-api…` does: under `/<stage>/`. */
export function startGatewayServer(options: GatewayServerOptions): Promise<Front> {
  const server = createServer((request, response) => {
    serve(options, request, response).catch(() => response.destroy());
  });
  return listen(server, options.port);
}

async function serve(
  { gateway, onAccess, onSegment }: GatewayServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { definition, place } = gateway;
  const time = Date.now();
  const url = new URL(incoming.url ?? "/", "http://gateway");
  const [, stage = "", rest = ""] = /^\/([^/]*)(.*)$/s.exec(url.pathname) ?? [];
  const sent = incoming.headers["x-amzn-trace-id"];
  const trace = readTraceHeader(typeof sent === "string" ? sent : undefined);
  const segmentId = newSegmentId();
  const request: GatewayRequest = {
    method: incoming.method ?? "GET",
    path: rest || "/",
    query: url.searchParams,
    rawHeaders: incoming.rawHeaders,
    body: await bodyOf(incoming),
    sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
    requestId: randomUUID(),
    time,
    traceHeader: writeTraceHeader({ ...trace, ...(definition.tracing && { parent: segmentId }) }),
  };
  const known = stage === definition.stage;
  const handled: Handled = known
    ? await gateway.handle(request)
    : { response: failures.unknownStage(), route: undefined, integrationLatency: undefined };
  const { response, route, integrationLatency } = handled;
  outgoing.writeHead(response.status, {
    ...(response.headers as Record<string, string | string[]>),
    "content-length": response.body.length,
    "x-amzn-requestid": request.requestId,
    "x-amz-apigw-id": `${request.requestId.slice(0, 8)}=`,
    "x-amzn-trace-id": `Root=${trace.root};Sampled=${trace.sampled ? 1 : 0}`,
  });
  outgoing.end(request.method === "HEAD" ? undefined : response.body);
  if (!known) return;
  const now = Date.now();
  if (definition.accessLog) {
    const line = accessLogLine(definition.accessLog.format, {
      apiId: definition.id,
      stage,
      accountId: place.accountId,
      requestId: request.requestId,
      sourceIp: request.sourceIp,
      userAgent: incoming.headers["user-agent"] ?? "-",
      method: request.method,
      path: url.pathname,
      resourcePath: route?.path,
      status: response.status,
      responseBytes: response.body.length,
      latency: now - time,
      integrationLatency,
      integrationStatus: integrationLatency === undefined ? undefined : 200,
      time,
      trace: trace.root,
      error: response.error,
    });
    onAccess(line);
  }
  if (!definition.tracing || !trace.sampled) return;
  onSegment({
    id: segmentId,
    name: `${definition.name}/${stage}`,
    origin: "AWS::ApiGateway::Stage",
    trace_id: trace.root,
    ...(trace.parent !== undefined && { parent_id: trace.parent }),
    start_time: time / 1000,
    end_time: now / 1000,
    ...(response.status >= 500 && { fault: true }),
    ...(response.status >= 400 && response.status < 500 && { error: true }),
    ...(response.status === 429 && { throttle: true }),
    http: {
      request: { method: request.method, url: url.pathname, client_ip: request.sourceIp },
      response: { status: response.status, content_length: response.body.length },
    },
  });
}
