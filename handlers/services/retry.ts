import { setTimeout as sleep } from "node:timers/promises";

export interface RetryOptions {
  /** Milliseconds after which a failure is final. */
  readonly patience: number;
  /** Whether the same may succeed a moment later. */
  readonly mayPass: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the second try; doubled with each further one, up to 5 s. */
  readonly pause?: number;
}

const MAX_PAUSE_MS = 5_000;

/** Tries until it succeeds; rejects with the last failure, or with the signal's reason as soon as it comes. */
export async function retried<Result>(
  work: () => Promise<Result>,
  { patience, mayPass, signal, pause = 250 }: RetryOptions,
): Promise<Result> {
  const until = Date.now() + patience;
  for (let wait = pause; ; wait = Math.min(wait * 2, MAX_PAUSE_MS)) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!mayPass(error) || Date.now() + wait > until) throw error;
    }
    await sleep(wait, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}
