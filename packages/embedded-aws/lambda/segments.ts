import type { FunctionConfiguration } from "./configuration";
import type { FunctionError } from "./instance";
import type { Segment, TraceHeader } from "./trace";

export interface TracedInvocation {
  readonly configuration: FunctionConfiguration;
  /** Trace header of the caller. */
  readonly header: TraceHeader;
  /** Segment ids; the function's is the parent of the handler's. */
  readonly ids: { readonly service: string; readonly function: string };
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly arrived: number;
  readonly began: number;
  readonly ended: number;
  readonly error: FunctionError | undefined;
}

/** Lambda's own segments of a trace: the service's, and in it the function's. */
export function lambdaSegments(invocation: TracedInvocation): Segment[] {
  const { configuration, header, ids, requestId, arrived, began, ended, error } = invocation;
  const common = {
    name: configuration.name,
    trace_id: header.root,
    end_time: ended / 1000,
    fault: error === undefined ? undefined : true,
    aws: { request_id: requestId, resource_arn: configuration.arn },
  };
  return [
    {
      ...common,
      id: ids.service,
      origin: "AWS::Lambda",
      start_time: arrived / 1000,
      parent_id: header.parent,
    },
    {
      ...common,
      id: ids.function,
      origin: "AWS::Lambda::Function",
      start_time: began / 1000,
      parent_id: ids.service,
    },
  ];
}
