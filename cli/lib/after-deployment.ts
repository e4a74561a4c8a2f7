import { setTimeout as sleep } from "node:timers/promises";
import type { LambdaClientConfig } from "@aws-sdk/client-lambda";
import { invokeFunction } from "./invoke-function";

/** Brings the tables up to date; returns what was applied. Throws the function's error. */
export async function runMigrations(
  config: LambdaClientConfig,
  functionName: string,
): Promise<readonly string[]> {
  const log = `its log group is /aws/lambda/${functionName}`;
  const result = await invokeFunction(config, { name: functionName, event: {}, log });
  const { applied } = result as { applied?: readonly string[] };
  return applied ?? [];
}

export interface SmokeOptions {
  /** Until it must have answered 200. */
  readonly timeoutMs?: number;
  /** Between two attempts. */
  readonly intervalMs?: number;
}

/**
 * Calls `/health` of the API until it answers 200; returns the body. Throws its last answer when it does not in time:
 * a new stage takes some seconds, and a new distribution some minutes.
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
    if (Date.now() + intervalMs > deadline) throw new Error(`GET ${url} does not answer 200: ${answer.text}`);
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
