import { isDeepStrictEqual } from "node:util";
import type { Attributes } from "@packages/terraform/plan";

/** Attributes that can identify list items: the first one that every item has and that is unique. */
const KEYS = [
  ...["Sid", "sid", "Name", "name", "id", "Id", "key", "Key", "path_pattern", "origin_id", "rule_id"],
  ...["Priority", "priority", "rule_name", "policy_name", "domain_name", "value"],
];

/** A list item before and after; one side is missing if it was added or removed. */
export interface Pair {
  /** Label that identifies it: a name or index; empty if it has none. */
  readonly label: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Matches the items of two lists, independent of their order. */
export function pairs(before: readonly unknown[], after: readonly unknown[]): Pair[] {
  const key = KEYS.find((name) => isKey(before, name) && isKey(after, name));
  const alone = before.length <= 1 && after.length <= 1;
  const label = (member: unknown, index: number): string => {
    if (key !== undefined && isObject(member)) return String(member[key]);
    return alone ? "" : String(index);
  };
  const [left, right] = [new Map(before.entries()), new Map(after.entries())];
  const found: Pair[] = [];
  const match = (same: (one: unknown, other: unknown) => boolean) => {
    for (const [index, one] of [...left]) {
      const other = [...right].find(([, candidate]) => same(one, candidate));
      if (other === undefined) continue;
      found.push({ label: label(one, index), before: one, after: other[1] });
      left.delete(index);
      right.delete(other[0]);
    }
  };
  match(isDeepStrictEqual);
  if (key !== undefined) match((one, other) => (one as Attributes)[key] === (other as Attributes)[key]);
  // The same number of unnamed items on both sides: treat them as changed, not replaced.
  else if (left.size === right.size) match((one, other) => isObject(one) && isObject(other));
  for (const [index, member] of left) found.push({ label: label(member, index), before: member });
  for (const [index, member] of right) found.push({ label: label(member, index), after: member });
  return found;
}

function isKey(list: readonly unknown[], name: string): boolean {
  const values = list.map((member) => (isObject(member) ? member[name] : undefined));
  return values.every((value) => isScalar(value)) && new Set(values).size === values.length;
}

export function isObject(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** The object or list in a JSON string; undefined if it is not JSON. */
export function jsonIn(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
