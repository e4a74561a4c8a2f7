import type { Change } from "./changes";

/** Results of rules for the original changes and the masked ones. */
export interface Evaluations<Result> {
  readonly actual: Result;
  readonly masked: Result;
}

/** Evaluates the original and the masked changes; results are equal if nothing is sensitive. */
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
  /** Returns a result with location and severity, but without content. */
  readonly hide: (one: One) => One;
}

/**
 * Results that may be shown: those found in both evaluations contain nothing sensitive; other real results are hidden.
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
