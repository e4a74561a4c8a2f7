import { isDeepStrictEqual } from "node:util";
import type { Change } from "./changes";
import { COMPUTED } from "./placeholders";
import { uncovered } from "./mask";
import { isObject, isScalar, jsonIn, pairs } from "./list-items";

/** One value that changes. */
export interface Difference {
  /** `policy.Statement[TlsOnly].Action`; the members of lists by their names, where they have any. */
  readonly path: string;
  /** Undefined where it is added. */
  readonly before?: unknown;
  /** Undefined where it is removed. */
  readonly after?: unknown;
}

/** Attributes that repeat others, or say nothing of the resource itself. */
const NOISE = new Set(["tags_all", "timeouts", "id", "arn"]);

/**
 * What a change changes, as a person would say it: JSON texts by what they hold, members of lists by their names
 * and not by their places, and nothing that only follows from the rest.
 */
export function differencesOf({ before: old, after: made, shown: { before, after } }: Change): Difference[] {
  if (before === undefined || after === undefined) return [];
  const found = keysOf(before, after)
    .filter((key) => !NOISE.has(key))
    .flatMap((key) => differences(before[key], after[key], key));
  return before === old && after === made ? found : uncovered(found);
}

/** Tags that change with the provider's default tags. */
export function tagDifferences({ shown: { before, after } }: Change): Difference[] {
  return uncovered(differences(before?.tags_all, after?.tags_all, "tags"));
}

/** Compares two values, at any depth. */
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
  const moved =
    before.length === after.length &&
    before.every((member) => after.some((other) => isDeepStrictEqual(member, other)));
  return moved ? [{ path: `${path} (order)`, before, after }] : found;
}

/** What a text of JSON holds; a policy's statements with lists where one value may stand for a list. */
function unfold(value: unknown): unknown {
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

/** Terraform tells what is not set in several ways. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return typeof value === "object" && Object.values(value).every((member) => isNothing(member));
}
