/** The time limit of `within` has passed. */
export class Late extends Error {
  override readonly name = "Late";
}

/**
 * The result, or a rejection with `Late` after a number of milliseconds. A process that was frozen meanwhile, as Lambda
 * does between requests, gets the time once more: the result may be there, but was not read yet.
 */
export async function within<Result>(milliseconds: number, result: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const started = performance.now();
  const late = new Promise<never>((_, reject) => {
    const give = (): void => reject(new Late(`the cache did not answer in ${milliseconds} ms`));
    timer = setTimeout(() => {
      const wasFrozen = performance.now() - started > 2 * milliseconds + FREEZE_TOLERANCE_MS;
      if (wasFrozen) timer = setTimeout(give, milliseconds);
      else give();
    }, milliseconds);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lateness of a timer in a busy process that was not frozen, in milliseconds. */
const FREEZE_TOLERANCE_MS = 250;
