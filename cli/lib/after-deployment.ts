import { setTimeout as sleep } from "node:timers/promises";

export interface SmokeOptions {
  /** Milliseconds until it must have answered 200. */
  readonly timeoutMs?: number;
  /** Milliseconds between attempts. */
  readonly intervalMs?: number;
}

/**
 * Calls the API's `/health` until it answers 200; returns the body. Throws with the last answer after the timeout: a
 * new stage takes seconds, a new distribution minutes.
 */
export async function smokeTest(
  apiUrl: string,
  { timeoutMs = 600_000, intervalMs = 5_000 }: SmokeOptions = {},
): Promise<string> {
  const url = `${apiUrl.replace(/\/$/, "")}/health`;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await call(url);
    if (answer.ok) return answer.text;
    if (Date.now() + intervalMs > deadline) throw new Error(`GET ${url} did not answer 200: ${answer.text}`);
    await sleep(intervalMs);
  }
}

async function call(url: string): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(35_000) });
    const body = (await response.text()).slice(0, 500);
    return response.status === 200
      ? { ok: true, text: body }
      : { ok: false, text: `${response.status} ${body}` };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return { ok: false, text: cause?.message ?? message };
  }
}
