export interface ConcurrencyOptions {
  /** Maximum number of concurrent items. */
  readonly concurrency: number;
  /** Aborting it stops further items from starting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` for each item with limited concurrency. Rejects with the first failure, after running items have ended.
 */
export async function eachOf<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { concurrency, signal }: ConcurrencyOptions,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const rest = (async function* () {
    yield* items;
  })();
  const hand = async (): Promise<void> => {
    for (;;) {
      if (signal?.aborted || failures.length > 0) return;
      const next = await rest.next();
      if (next.done) return;
      await work(next.value);
    }
  };
  const guarded = (): Promise<void> => hand().catch((error: unknown) => void failures.push(error));
  await Promise.all(Array.from({ length: concurrency }, guarded));
  await rest.return(undefined);
  if (failures.length > 0) throw failures[0];
}
