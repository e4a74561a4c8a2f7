/**
 * Results of works that run at the same time, each with a signal that is aborted when another fails. Rejects with the
 * first failure, after all have ended.
 */
export async function together<Works extends readonly Promise<unknown>[]>(
  signal: AbortSignal,
  start: (signal: AbortSignal) => readonly [...Works],
): Promise<{ [Index in keyof Works]: Awaited<Works[Index]> }> {
  const failed = new AbortController();
  const works = start(AbortSignal.any([signal, failed.signal]));
  const stopOthers = (error: unknown): never => {
    failed.abort(error);
    throw error;
  };
  const settled = await Promise.allSettled(works.map((work) => work.catch(stopOthers)));
  if (failed.signal.aborted) throw failed.signal.reason;
  return settled.map((result) => result.status === "fulfilled" && result.value) as {
    [Index in keyof Works]: Awaited<Works[Index]>;
  };
}
