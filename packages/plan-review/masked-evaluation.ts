import type { Change } from "./changes";

/** Judges changes as they are, and as they may be read: the same result where nothing is sensitive. */
export function judgedTwice<Result>(
  changes: readonly Change[],
  judge: (changes: readonly Change[]) => Result,
): readonly [judged: Result, told: Result] {
  const judged = judge(changes);
  const open = changes.every(({ before, after, shown }) => shown.before === before && shown.after === after);
  return [judged, open ? judged : judge(changes.map((change) => ({ ...change, ...change.shown })))];
}

/**
 * What rules find in a plan, as it may be told. They judge it twice: as it is, and with all that is sensitive covered. What comes out
 * the same holds nothing sensitive; of the rest `hide` gives what says where it is, and how bad, but not what.
 */
export function readable<One>(
  judged: readonly One[],
  told: readonly One[],
  keyOf: (one: One) => string,
  hide: (one: One) => One,
): One[] {
  if (told === judged) return [...judged];
  const open = new Map(told.map((one) => [keyOf(one), one]));
  const found = new Map<string, One>();
  for (const one of judged) {
    const shown = open.get(keyOf(one)) ?? hide(one);
    found.set(JSON.stringify(shown), shown);
  }
  return [...found.values()];
}
