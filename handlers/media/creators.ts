import type { Registered } from "./ports";
import { Problem } from "./problem";

/** A media to change, and the caller's Cognito sub. */
export interface Claim {
  readonly id: string;
  readonly caller: string;
}

/**
 * Returns the media; throws a `Problem` unless the caller is its creator and it exists. Others learn of it only if it is
 * public.
 */
export function owned(media: Registered | undefined, { id, caller }: Claim): asserts media is Registered {
  if (media === undefined) throw unknown(id);
  if (media.owner !== caller) {
    if (media.visibility !== "public") throw unknown(id);
    throw new Problem(403, `only the creator of the media ${id} may do that`, { code: "not-creator" });
  }
}

export function unknown(id: string): Problem {
  return new Problem(404, `no media has the id ${id}`, { code: "not-found" });
}
