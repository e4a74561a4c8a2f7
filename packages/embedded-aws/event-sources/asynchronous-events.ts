import type { InvokeResult } from "../lambda/service";

/** An event that a service has sent to a function, as overlay/lambda_events.py keeps it. */
export interface AsynchronousEvent {
  readonly number: number;
  readonly functionArn: string;
  readonly event: unknown;
  /** A service and the resource that sends, or the role by which a schedule calls. */
  readonly sender: { readonly service: string; readonly arn: string } | { readonly role: string };
  /** Seconds since 1970. */
  readonly time: number;
}

/** How often an event is tried again, and for how long. */
export interface RetryPolicy {
  readonly retries: number;
  readonly maxAgeSeconds: number;
}

/** What becomes of an event that no attempt could handle. */
export interface FailedEvent {
  readonly event: AsynchronousEvent;
  readonly requestId: string;
  /** As Lambda tells a dead-letter queue: `200` for an error of the function. */
  readonly errorCode: string;
  readonly errorMessage: string;
}

export interface DeliveryPorts {
  readonly invoke: (event: AsynchronousEvent) => Promise<InvokeResult>;
  readonly retryPolicy: (functionArn: string) => Promise<RetryPolicy>;
  /** Sends it to the function's dead letters, if it has a queue or topic for them. */
  readonly deadLetter: (failed: FailedEvent) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; false when everything stops before. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
}

const MINUTE_MS = 60_000;
const FIRST_THROTTLE_WAIT_MS = 1_000;
const MAX_THROTTLE_WAIT_MS = 5 * MINUTE_MS;

/**
 * Calls a function with an event as Lambda does: after an error of the function twice more, a minute and then two minutes
 * later; while it is throttled again and again. False when that was interrupted: the event is still to be handled.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export async function deliverEvent(event: AsynchronousEvent, ports: DeliveryPorts): Promise<boolean> {
  const { retries, maxAgeSeconds } = await ports.retryPolicy(event.functionArn);
  const expires = (event.time + maxAgeSeconds) * 1_000;
  let [failures, throttles] = [0, 0];
  for (;;) {
    const attempt = await attemptOf(event, ports);
    if (attempt === undefined) return true;
    const { throttled, ...failed } = attempt;
    const wait = throttled
      ? Math.min(MAX_THROTTLE_WAIT_MS, FIRST_THROTTLE_WAIT_MS * 2 ** throttles++)
      : MINUTE_MS * ++failures;
    if (failures > retries || ports.now() + wait > expires) {
      await ports.deadLetter({ event, ...failed });
      return true;
    }
    if (!(await ports.pause(wait))) return false;
  }
}

/** Why an attempt failed; undefined when it did not. */
async function attemptOf(event: AsynchronousEvent, { invoke }: DeliveryPorts) {
  try {
    const { error, requestId } = await invoke(event);
    if (error === undefined) return undefined;
    return { requestId, throttled: false, errorCode: "200", errorMessage: error.errorMessage };
  } catch (error) {
    const { name, message } = error as Error;
    const errorCode = name === "TooManyRequestsException" ? "429" : "500";
    return { requestId: "", throttled: true, errorCode, errorMessage: message };
  }
}
