import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { newSegmentId, readTraceHeader, type Segment, writeTraceHeader } from "../lambda/trace";
import { type Front, listen } from "../servers/tls-front";
import type { ApiDefinition } from "./definition";
import { type Gateway, type Handled, MAX_REQUEST_BYTES } from "./gateway";
import { type Arrived, accessLine, stageSegment } from "./records";
import { failures } from "./response";

export interface GatewayServerOptions {
  /** Returns the gateway of the current deployment. */
  readonly gateway: () => Promise<Gateway>;
  /**
   * Port.
   * @default a free port
   */
  readonly port?: number;
  /** Receives each access log line. */
  readonly onAccess: (line: string) => void;
  /** Receives the stage's own segments, if it is traced. */
  readonly onSegment: (segment: Segment) => void;
}

/** Serves a deployed API on a loopback port below `/<stage>/`, like `https://<id>.execute-api…`. */
export function startGatewayServer(options: GatewayServerOptions): Promise<Front> {
  const server = createServer((request, response) => {
    serve(options, request, response).catch(() => response.destroy());
  });
  return listen(server, options.port);
}

async function serve(
  { gateway: current, onAccess, onSegment }: GatewayServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gateway = await current();
  const { definition } = gateway;
  const request = await readRequest(incoming, definition);
  if (request.stage !== definition.stage) {
    return respond(outgoing, request, {
      response: failures.unknownStage(),
      route: undefined,
      integrationLatency: undefined,
    });
  }
  const handled = await gateway.handle(request);
  respond(outgoing, request, handled);
  const exchange = { request, handled, endedMs: Date.now() };
  const line = accessLine(gateway, exchange);
  if (line !== undefined) onAccess(line);
  if (definition.tracing && request.trace.sampled) onSegment(stageSegment(definition, exchange));
}

/** Reads a body up to one byte more than API Gateway's maximum, which is enough to reject it. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks);
}

async function readRequest(incoming: IncomingMessage, { tracing }: ApiDefinition): Promise<Arrived> {
  const time = Date.now();
  // Not by URL, which takes the first part of //media for a host, and removes dots.
  const [, path = "", query = ""] = /^([^?]*)(.*)$/s.exec(incoming.url ?? "/") ?? [];
  const [, stage = "", rest = ""] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  const sent = incoming.headers["x-amzn-trace-id"];
  const trace = readTraceHeader(typeof sent === "string" ? sent : undefined);
  const segmentId = newSegmentId();
  return {
    stage,
    trace,
    segmentId,
    userAgent: incoming.headers["user-agent"] ?? "-",
    method: incoming.method ?? "GET",
    path: rest || "/",
    query: new URLSearchParams(query),
    rawHeaders: incoming.rawHeaders,
    body: await bodyOf(incoming),
    sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
    requestId: randomUUID(),
    time,
    traceHeader: writeTraceHeader(tracing ? { ...trace, parent: segmentId } : trace),
  };
}

function respond(outgoing: ServerResponse, request: Arrived, { response }: Handled): void {
  const { root, sampled } = request.trace;
  // The length would be that of the answer that the caller already has.
  const length = response.status === 304 ? {} : { "content-length": response.body.length };
  outgoing.writeHead(response.status, {
    ...(response.headers as Record<string, string | string[]>),
    ...length,
    "x-amzn-requestid": request.requestId,
    "x-amz-apigw-id": `${request.requestId.slice(0, 8)}=`,
    "x-amzn-trace-id": `Root=${root};Sampled=${sampled ? 1 : 0}`,
  });
  outgoing.end(request.method === "HEAD" ? undefined : response.body);
}
