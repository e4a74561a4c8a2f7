/** Merges two lists sorted by key; entries with the same key are returned together. */
export async function* joined<One extends Keyed, Other extends Keyed>(
  ones: AsyncIterable<One>,
  others: AsyncIterable<Other>,
): AsyncGenerator<{
  readonly key: string;
  readonly one: One | undefined;
  readonly other: Other | undefined;
}> {
  const [left, right] = [ones[Symbol.asyncIterator](), others[Symbol.asyncIterator]()];
  let [first, second] = await Promise.all([left.next(), right.next()]);
  while (!first.done || !second.done) {
    const order = first.done ? 1 : second.done ? -1 : compare(first.value.key, second.value.key);
    const one = order <= 0 && !first.done ? first.value : undefined;
    const other = order >= 0 && !second.done ? second.value : undefined;
    yield { key: (one ?? other)?.key ?? "", one, other };
    [first, second] = await Promise.all([
      order <= 0 ? left.next() : first,
      order >= 0 ? right.next() : second,
    ]);
  }
}

interface Keyed {
  readonly key: string;
}

/** S3 sorts keys by UTF-8 bytes, which differs from JavaScript's order outside of the basic multilingual plane. */
const compare = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
