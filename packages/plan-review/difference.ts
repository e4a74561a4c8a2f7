import { isDeepStrictEqual } from "node:util";
import type { Attributes } from "@packages/terraform/plan";
import type { Change } from "./changes";
import { COMPUTED } from "./placeholders";
import { uncovered } from "./mask";
import { isObject, isScalar, jsonIn, pairs } from "./list-items";

/** A changed value. */
export interface Difference {
  /** Path such as `policy.Statement[TlsOnly].Action`; list items by name, if they have one. */
  readonly path: string;
  /** Undefined if added. */
  readonly before?: unknown;
  /** Undefined if removed. */
  readonly after?: unknown;
}

/** Attributes that repeat others, or don't describe the resource. */
const NOISE = new Set(["tags_all", "timeouts", "id", "arn"]);

/**
 * Readable differences of a change: JSON strings are parsed, list items are matched by name instead of index, and
 * derived values are omitted. A created or deleted resource has one for each value that is set.
 */
export function differencesOf({ before: old, after: made, shown: { before, after } }: Change): Difference[] {
  if (before === undefined || after === undefined) return attributesOf(before, after);
  const found = keysOf(before, after)
    .filter((key) => !NOISE.has(key))
    .flatMap((key) => differences(before[key], after[key], key));
  return before === old && after === made ? found : uncovered(found);
}

/** Attributes of the only side; values that are unset or computed are omitted. */
function attributesOf(before: Attributes | undefined, after: Attributes | undefined): Difference[] {
  const values = after ?? before ?? {};
  const set = Object.keys(values)
    .filter((key) => !NOISE.has(key) && values[key] !== COMPUTED && !isUnset(values[key]))
    .sort();
  return uncovered(
    set.map((key) => {
      const value = withoutUnset(values[key]);
      return after === undefined ? { path: key, before: value } : { path: key, after: value };
    }),
  );
}

/** Whether Terraform writes a value for an attribute that is not set. */
function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.values(value).every((member) => isUnset(member));
}

function withoutUnset(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((member) => withoutUnset(member as unknown));
  if (!isObject(value)) return value;
  const set = Object.entries(value).filter(([, member]) => !isUnset(member) && member !== COMPUTED);
  return Object.fromEntries(set.map(([key, member]) => [key, withoutUnset(member)]));
}

/** Changed tags, including the provider's default tags. */
export function tagDifferences({ shown: { before, after } }: Change): Difference[] {
  return uncovered(differences(before?.tags_all, after?.tags_all, "tags"));
}

/** Differences of two values at any depth. */
export function differences(before: unknown, after: unknown, path: string): Difference[] {
  if (after === COMPUTED || isDeepStrictEqual(before, after)) return [];
  const [left, right] = [unfold(before), unfold(after)];
  if (Array.isArray(left) && Array.isArray(right)) return lists(left, right, path);
  if (isObject(left) && isObject(right)) {
    return keysOf(left, right).flatMap((key) => differences(left[key], right[key], `${path}.${key}`));
  }
  if (isNothing(left) && isNothing(right)) return [];
  return isDeepStrictEqual(left, right)
    ? []
    : [{ path, before: left ?? undefined, after: right ?? undefined }];
}

function lists(before: unknown[], after: unknown[], path: string): Difference[] {
  const found = pairs(before, after).flatMap(({ label, ...pair }): Difference[] => {
    const at = label === "" || isScalar(pair.before ?? pair.after) ? path : `${path}[${label}]`;
    if ("before" in pair && "after" in pair) return differences(pair.before, pair.after, at);
    return [{ path: at, ...pair }];
  });
  return found.length === 0 && isReordered(before, after)
    ? [{ path: `${path} (order)`, before, after }]
    : found;
}

/** Whether two lists have the same items in another order. */
function isReordered(before: readonly unknown[], after: readonly unknown[]): boolean {
  const [left, right] = [before, after].map((list) => list.map((member) => JSON.stringify(member)));
  const isSame = (one: unknown, other: unknown) => isDeepStrictEqual(one, other);
  return !isSame(left, right) && isSame([...(left ?? [])].sort(), [...(right ?? [])].sort());
}

/** The parsed value of a JSON string; in policies, single values become lists. */
export function unfold(value: unknown): unknown {
  const held = typeof value === "string" ? (jsonIn(value) ?? value) : value;
  return isObject(held) && "Statement" in held ? { ...held, Statement: statements(held.Statement) } : held;
}

function statements(value: unknown): unknown[] {
  return [value].flat().map((statement) => {
    if (!isObject(statement)) return statement;
    const listed = ["Action", "NotAction", "Resource", "NotResource"].filter((key) => key in statement);
    return {
      ...statement,
      ...Object.fromEntries(listed.map((key) => [key, [statement[key]].flat().sort()])),
    };
  });
}

const keysOf = (one: object, other: object): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();

/** Whether a value is unset; Terraform has several representations. */
export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return typeof value === "object" && Object.values(value).every((member) => isNothing(member));
}
