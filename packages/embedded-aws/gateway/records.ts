import type { Segment, TraceHeader } from "../lambda/trace";
import { accessLogLine } from "./access-log";
import type { ApiDefinition } from "./definition";
import type { DeployedApi, GatewayRequest } from "./event";
import type { Handled } from "./gateway";

/** A request with data for the server only. */
export interface Arrived extends GatewayRequest {
  readonly stage: string;
  readonly trace: TraceHeader;
  /** Id of the stage's segment. */
  readonly segmentId: string;
  readonly userAgent: string;
}

/** A request with its response. */
export interface Exchange {
  readonly request: Arrived;
  readonly handled: Handled;
  /** Milliseconds since 1970. */
  readonly endedMs: number;
}

/** The access log line of a request, if the stage has an access log. */
export function accessLine(
  { definition, place }: DeployedApi,
  { request, handled, endedMs }: Exchange,
): string | undefined {
  const { response, route, integrationLatency } = handled;
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
    latency: endedMs - request.time,
    integrationLatency,
    integrationStatus: integrationLatency === undefined ? undefined : 200,
    time: request.time,
    trace: request.trace.root,
    error: response.error,
  });
}

/** The stage's own segment of a trace. */
export function stageSegment(
  { name, stage }: ApiDefinition,
  { request, handled, endedMs }: Exchange,
): Segment {
  const { status, body } = handled.response;
  const { root, parent } = request.trace;
  return {
    id: request.segmentId,
    name: `${name}/${stage}`,
    origin: "AWS::ApiGateway::Stage",
    trace_id: root,
    parent_id: parent,
    start_time: request.time / 1000,
    end_time: endedMs / 1000,
    fault: status >= 500 ? true : undefined,
    error: status >= 400 && status < 500 ? true : undefined,
    throttle: status === 429 ? true : undefined,
    http: {
      request: { method: request.method, url: `/${stage}${request.path}`, client_ip: request.sourceIp },
      response: { status, content_length: body.length },
    },
  };
}
