/**
 * What was judged, as it may be told. Rules judge a plan twice: as it is, and with all that is sensitive covered. What
 * comes out the same holds nothing sensitive; of the rest `hide` gives what says where it is, and how bad, but not what.
 */
export function readable<One>(
  judged: readonly One[],
  told: readonly One[],
  keyOf: (one: One) => string,
  hide: (one: One) => One,
): One[] {
  const open = new Map(told.map((one) => [keyOf(one), one]));
  const found = new Map<string, One>();
  for (const one of judged) {
    const shown = open.get(keyOf(one)) ?? hide(one);
    found.set(JSON.stringify(shown), shown);
  }
  return [...found.values()];
}
