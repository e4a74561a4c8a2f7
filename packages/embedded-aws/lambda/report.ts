import type { FunctionConfiguration } from "./configuration";
import type { FunctionError } from "./instance";

/** What Lambda knows of an invocation when it is over. */
export interface Invocation {
  readonly requestId: string;
  /** Milliseconds. */
  readonly duration: number;
  /** Milliseconds, of a cold start. */
  readonly initDuration: number | undefined;
  /** Bytes. */
  readonly memoryUsed: number;
  readonly error: FunctionError | undefined;
  readonly traceId: string | undefined;
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);

const statusOf = (error: FunctionError | undefined) =>
  !error ? "success" : error.errorType === "Sandbox.Timedout" ? "timeout" : "error";

/** The line that Lambda writes when an invocation begins, in the function's log format. */
export function startLine({ logFormat, version }: FunctionConfiguration, requestId: string): string {
  if (logFormat === "Text") return `START RequestId: ${requestId} Version: ${version}`;
  return JSON.stringify({
    time: new Date().toISOString(),
    type: "platform.start",
    record: { requestId, version },
  });
}

/** The lines that Lambda writes when it is over. */
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
