import type { EventSourceRuntime } from "./runtime";

/** A delivery between services that did not take place, from overlay/dropped.py. */
interface DroppedDelivery {
  readonly number: number;
  /** ARN of the bucket, topic, rule or schedule. */
  readonly source: string;
  /** ARN of the queue, topic or function. */
  readonly target: string;
  readonly reason: string;
}

/** Milliseconds between polls. */
const INTERVAL_MS = 1_000;

/** Reports deliveries that AWS would drop, such as those that a queue's policy does not allow, until everything stops. */
export async function reportDroppedDeliveries(runtime: EventSourceRuntime): Promise<void> {
  const { aws, onFault, pause, stopped } = runtime;
  let last = 0;
  do {
    try {
      const url = `${aws.endpoint}/moto-api/overlay/dropped-deliveries?after=${last}`;
      const response = await fetch(url, { signal: stopped });
      for (const { number, source, target, reason } of (await response.json()) as DroppedDelivery[]) {
        last = number;
        onFault(`a delivery of ${source} to ${target} was dropped: ${reason}`);
      }
    } catch (error) {
      onFault(`dropped deliveries can't be read: ${String(error)}`);
    }
  } while (await pause(INTERVAL_MS));
}
