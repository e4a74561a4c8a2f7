import { setTimeout as sleep } from "node:timers/promises";

export interface RetryOptions {
  /** Milliseconds without progress after which a failure is final. */
  readonly patience: number;
  /** Whether an error is temporary. */
  readonly mayPass: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
  /** Initial pause in milliseconds; doubled up to 5 s. */
  readonly pause?: number;
}

const MAX_PAUSE_MS = 5_000;

/**
 * Retries until it succeeds; rejects with the last failure, or with the signal's reason immediately. Long work reports its
 * progress, such as the bytes that it sent; only more than any earlier attempt made counts, so that there is an end.
 */
export async function retried<Result>(
  work: (progress: (done: number) => void) => Promise<Result>,
  { patience, mayPass, signal, pause = 250 }: RetryOptions,
): Promise<Result> {
  let until = Date.now() + patience;
  let most = 0;
  const progress = (done: number): void => {
    if (done <= most) return;
    most = done;
    until = Date.now() + patience;
  };
  for (let wait = pause; ; wait = Math.min(wait * 2, MAX_PAUSE_MS)) {
    signal?.throwIfAborted();
    try {
      return await work(progress);
    } catch (error) {
      signal?.throwIfAborted();
      if (!mayPass(error) || Date.now() + wait > until) throw error;
    }
    await sleep(wait, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}
