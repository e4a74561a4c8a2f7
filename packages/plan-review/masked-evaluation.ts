import type { Change } from "./changes";

/** What rules find in changes as they are, and with all that is sensitive covered. */
export interface Evaluations<Result> {
  readonly actual: Result;
  readonly masked: Result;
}

/** Evaluates changes as they are, and as they may be read: the same result where nothing is sensitive. */
export function evaluateTwice<Result>(
  changes: readonly Change[],
  evaluate: (changes: readonly Change[]) => Result,
): Evaluations<Result> {
  const actual = evaluate(changes);
  const open = changes.every(({ before, after, shown }) => shown.before === before && shown.after === after);
  return {
    actual,
    masked: open ? actual : evaluate(changes.map((change) => ({ ...change, ...change.shown }))),
  };
}

export interface ReadableOptions<One> {
  readonly keyOf: (one: One) => string;
  /** Gives what says where it is, and how bad, but not what. */
  readonly hide: (one: One) => One;
}

/**
 * What rules find in a plan, as it may be told. What both evaluations find holds nothing sensitive; the rest of what is
 * actually found is hidden.
 */
export function readable<One>(
  { actual, masked }: Evaluations<readonly One[]>,
  { keyOf, hide }: ReadableOptions<One>,
): One[] {
  if (masked === actual) return [...actual];
  const open = new Map(masked.map((one) => [keyOf(one), one]));
  const found = new Map<string, One>();
  for (const one of actual) {
    const shown = open.get(keyOf(one)) ?? hide(one);
    found.set(JSON.stringify(shown), shown);
  }
  return [...found.values()];
}
