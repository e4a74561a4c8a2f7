import type { Cache } from "./cached";
import type { MediaRepository } from "./media";

export type Health = {
  /** Required for all requests. */
  readonly database: "up" | "down";
  /** Optional; without it, responses are slower. */
  readonly cache: "up" | "down";
};

/** Timeout of the database check in milliseconds. */
const DATABASE_TIMEOUT_MS = 2_000;

/** Checks database and cache in parallel; never rejects. */
export async function checkHealth(repository: MediaRepository, cache: Cache): Promise<Health> {
  const [database, cached] = await Promise.all([answers(repository.check()), cache.check()]);
  return { database: database ? "up" : "down", cache: cached ? "up" : "down" };
}

async function answers(check: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), DATABASE_TIMEOUT_MS);
  });
  const answered = check.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
