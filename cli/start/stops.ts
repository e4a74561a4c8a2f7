/** Stops one part of what runs. */
export type Stop = () => Promise<void>;

/** Runs all stops in order even if some fail; throws the first failure. */
export async function stopAll(stops: readonly Stop[]): Promise<void> {
  const failed: unknown[] = [];
  for (const stop of stops) await stop().catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
}

/**
 * Starts several parts. `start` gets a list, and prepends the stop of each part that runs; if it fails, all of them are stopped,
 * and its failure is thrown.
 */
export async function startParts<Running>(start: (stops: Stop[]) => Promise<Running>): Promise<Running> {
  const stops: Stop[] = [];
  try {
    return await start(stops);
  } catch (error) {
    await stopAll(stops).catch(() => undefined);
    throw error;
  }
}
