export interface ConcurrencyOptions {
  /** Most items under way at one time. */
  readonly concurrency: number;
  /** No further item is started once it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does the same with each item, several at a time, and waits for those under way. Rejects with the first failure, when
 * the others under way have ended.
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
