import type { Value } from "@packages/terraform/value";
import { covers } from "./pattern";

/** Condition keys of a request in lower case, and their values: `{ "s3:prefix": "stream/" }`. */
export type Context = Readonly<Record<string, string>>;

type Test = (wanted: string, found: string) => boolean;

const equal: Test = (wanted, found) => wanted === found;

const POSITIVE: Readonly<Record<string, Test>> = {
  StringEquals: equal,
  StringEqualsIgnoreCase: (wanted, found) => equal(wanted.toLowerCase(), found.toLowerCase()),
  StringLike: covers,
  ArnEquals: covers,
  ArnLike: covers,
  Bool: (wanted, found) => equal(wanted.toLowerCase(), found.toLowerCase()),
};

const NEGATIVE: Readonly<Record<string, Test>> = {
  StringNotEquals: equal,
  StringNotLike: covers,
  ArnNotEquals: covers,
  ArnNotLike: covers,
};

/**
 * Whether every condition of a statement is met; undefined where one has an operator that is not known here, which
 * nobody may take for a yes.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function isMet(condition: Value, context: Context): boolean | undefined {
  const results = condition.keys.flatMap((operator) => {
    const block = condition.raw as Record<string, Record<string, unknown>>;
    return Object.entries(block[operator] ?? {}).map(([key, wanted]) =>
      one(operator, [wanted].flat().map(String), context[key.toLowerCase()]),
    );
  });
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

function one(operator: string, wanted: readonly string[], found: string | undefined): boolean | undefined {
  if (operator === "Null") return wanted.includes(String(found === undefined));
  const optional = operator.endsWith("IfExists");
  const name = optional ? operator.slice(0, -"IfExists".length) : operator;
  const [positive, negative] = [POSITIVE[name], NEGATIVE[name]];
  if (positive === undefined && negative === undefined) return undefined;
  if (found === undefined) return optional || negative !== undefined;
  if (positive !== undefined) return wanted.some((value) => positive(value, found));
  return !wanted.some((value) => negative?.(value, found));
}
