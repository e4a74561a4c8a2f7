import type { Registered } from "./ports";
import { Problem } from "./problem";

/** Which media is to be changed, and the Cognito sub of who wants that. */
export interface Claim {
  readonly id: string;
  readonly caller: string;
}

/** Throws a `Problem` unless the caller made the media, and it is still there. */
export function owned(media: Registered | undefined, { id, caller }: Claim): asserts media is Registered {
  if (media === undefined) throw unknown(id);
  if (media.owner !== caller) throw new Problem(403, `only the creator of the media ${id} may do that`);
}

export function unknown(id: string): Problem {
  return new Problem(404, `no media has the id ${id}`);
}
