import type { InvokeResult } from "../lambda/service";

/** An event that a service sent to a function, from overlay/lambda_events.py. */
export interface AsynchronousEvent {
  readonly number: number;
  readonly functionArn: string;
  readonly event: unknown;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Retries of an event: attempts and maximum age. */
export interface RetryPolicy {
  readonly retries: number;
  readonly maxAgeSeconds: number;
}

/** An event whose attempts all failed. */
export interface FailedEvent {
  readonly event: AsynchronousEvent;
  readonly requestId: string;
  /** Error code for the dead-letter queue: `200` for function errors. */
  readonly errorCode: string;
  readonly errorMessage: string;
}

export interface DeliveryPorts {
  readonly invoke: (event: AsynchronousEvent) => Promise<InvokeResult>;
  readonly retryPolicy: (functionArn: string) => Promise<RetryPolicy>;
  /** Sends it to the function's dead-letter queue or topic, if configured. */
  readonly deadLetter: (failed: FailedEvent) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits for milliseconds; resolves with false if everything stops first. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
}

const MINUTE_MS = 60_000;
const FIRST_THROTTLE_WAIT_MS = 1_000;
const MAX_THROTTLE_WAIT_MS = 5 * MINUTE_MS;

/**
 * Delivers an event to a function like Lambda: two retries after errors, after one and two minutes; unlimited retries
 * while throttled. Resolves with false if interrupted before it was handled.
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

/** The error of an attempt; undefined if it succeeded. */
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
