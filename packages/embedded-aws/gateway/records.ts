import type { Segment, TraceHeader } from "../lambda/trace";
import { accessLogLine } from "./access-log";
import type { ApiDefinition } from "./definition";
import type { GatewayRequest } from "./event";
import type { Gateway, Handled } from "./gateway";

/** A request with what only the server needs of it. */
export interface Arrived extends GatewayRequest {
  readonly stage: string;
  readonly trace: TraceHeader;
  /** Of the stage's segment. */
  readonly segmentId: string;
  readonly userAgent: string;
}

/** The access log's line of a request, when the stage has an access log. */
export function accessLine(
  { definition, place }: Gateway,
  request: Arrived,
  { response, route, integrationLatency }: Handled,
  ended: number,
): string | undefined {
  if (!definition.accessLog) return undefined;
  return accessLogLine(definition.accessLog.format, {
    apiId: definition.id,
    stage: definition.stage,
    accountId: place.accountId,
    requestId: request.requestId,
    sourceIp: request.sourceIp,
    userAgent: request.userAgent,
    method: request.method,
    path: `/${request.stage}${request.path}`,
    resourcePath: route?.path,
    status: response.status,
    responseBytes: response.body.length,
    latency: ended - request.time,
    integrationLatency,
    integrationStatus: integrationLatency === undefined ? undefined : 200,
    time: request.time,
    trace: request.trace.root,
    error: response.error,
  });
}

/** What the stage itself adds to a trace. */
export function stageSegment(
  { name, stage }: ApiDefinition,
  request: Arrived,
  { response: { status, body } }: Handled,
  ended: number,
): Segment {
  const { root, parent } = request.trace;
  return {
    id: request.segmentId,
    name: `${name}/${stage}`,
    origin: "AWS::ApiGateway::Stage",
    trace_id: root,
    parent_id: parent,
    start_time: request.time / 1000,
    end_time: ended / 1000,
    ...(status >= 500 && { fault: true }),
    ...(status >= 400 && status < 500 && { error: true }),
    ...(status === 429 && { throttle: true }),
    http: {
      request: { method: request.method, url: `/${stage}${request.path}`, client_ip: request.sourceIp },
      response: { status, content_length: body.length },
    },
  };
}
