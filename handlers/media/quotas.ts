import type { Usage } from "./ports";
import { Problem, type ProblemCode } from "./problem";

/** Seconds after which a client may ask again; a quota counts the last 24 hours, so it frees little by little. */
const RETRY_SECONDS = 3_600;

/** Throws a `Problem` 429 if an upload of some bytes would exceed what a creator may upload within 24 hours. */
export function checkQuotas(used: Usage, quotas: Usage, sizeBytes: number): void {
  if (used.videos >= quotas.videos) throw exceeded("quota-videos", `${quotas.videos} videos`);
  if (used.bytes + sizeBytes > quotas.bytes) throw exceeded("quota-bytes", `${quotas.bytes} bytes`);
  if (used.minutes >= quotas.minutes) throw exceeded("quota-minutes", `${quotas.minutes} minutes`);
}

function exceeded(code: ProblemCode, most: string): Problem {
  return new Problem(429, `a creator may upload ${most} within 24 hours: try again later`, {
    code,
    headers: { "retry-after": String(RETRY_SECONDS) },
  });
}
