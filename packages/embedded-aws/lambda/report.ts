import type { FunctionConfiguration } from "./configuration";
import type { FunctionError } from "./instance";

/** Data of a finished invocation. */
export interface Invocation {
  readonly requestId: string;
  /** Duration in milliseconds. */
  readonly duration: number;
  /** Init duration of a cold start in milliseconds. */
  readonly initDuration: number | undefined;
  /** Memory used in bytes. */
  readonly memoryUsed: number;
  readonly error: FunctionError | undefined;
  readonly traceId: string | undefined;
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);

const statusOf = (error: FunctionError | undefined) =>
  !error ? "success" : error.errorType === "Sandbox.Timedout" ? "timeout" : "error";

/** Lambda's start line in the function's log format. */
export function startLine({ logFormat, version }: FunctionConfiguration, requestId: string): string {
  if (logFormat === "Text") return `START RequestId: ${requestId} Version: ${version}`;
  return JSON.stringify({
    time: new Date().toISOString(),
    type: "platform.start",
    record: { requestId, version },
  });
}

/** Lambda's lines at the end of an invocation. */
export function reportLines({ logFormat, memory }: FunctionConfiguration, invocation: Invocation): string[] {
  const { requestId, duration, initDuration, memoryUsed, error, traceId } = invocation;
  const billed = Math.ceil(duration + (initDuration ?? 0));
  const used = megabytes(memoryUsed);
  if (logFormat === "Text") {
    const fields = [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${duration.toFixed(2)} ms`,
      `Billed Duration: ${billed} ms`,
      `Memory Size: ${memory} MB`,
      `Max Memory Used: ${used} MB`,
      ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
    ];
    const cause = error && `${new Date().toISOString()} ${requestId} ${error.errorMessage}`;
    return [...(cause ? [cause] : []), `END RequestId: ${requestId}`, `${fields.join("\t")}\t`];
  }
  const metrics = {
    durationMs: Number(duration.toFixed(3)),
    billedDurationMs: billed,
    memorySizeMB: memory,
    maxMemoryUsedMB: used,
    initDurationMs: initDuration === undefined ? undefined : Number(initDuration.toFixed(3)),
  };
  const record = {
    requestId,
    metrics,
    status: statusOf(error),
    errorType: error?.errorType,
    errorMessage: error?.errorMessage,
    tracing: traceId ? { spanId: requestId, type: "X-Amzn-Trace-Id", value: traceId } : undefined,
  };
  return [JSON.stringify({ time: new Date().toISOString(), type: "platform.report", record })];
}
