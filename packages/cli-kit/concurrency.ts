/**
 * Does the same with each of many, so many at once at the most; takes no more after the signal, and waits for those
 * under way. Rejects with the first failure, when the others under way have ended.
 */
export async function eachOf<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
  signal?: AbortSignal,
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
  await Promise.all(Array.from({ length: atOnce }, guarded));
  await rest.return(undefined);
  if (failures.length > 0) throw failures[0];
}
