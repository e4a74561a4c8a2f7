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

/** Matches the items of two lists, independent of their order: equal ones first, then those with the same key. */
export function pairs(before: readonly unknown[], after: readonly unknown[]): Pair[] {
  const key = KEYS.find((name) => isKey(before, name) && isKey(after, name));
  const alone = before.length <= 1 && after.length <= 1;
  const label = (member: unknown, index: number): string => {
    if (key !== undefined && isObject(member)) return String(member[key]);
    return alone ? "" : String(index);
  };
  const found: Pair[] = [];
  let [left, right] = [[...before.entries()], [...after.entries()]];
  const match = (keyOf: (member: unknown) => string | undefined) => {
    const waiting = grouped(right, keyOf);
    const taken = new Set<number>();
    const rest: Entry[] = [];
    for (const [index, one] of left) {
      const other = waiting.get(keyOf(one) ?? "")?.shift();
      if (other === undefined) {
        rest.push([index, one]);
        continue;
      }
      taken.add(other[0]);
      found.push({ label: label(one, index), before: one, after: other[1] });
    }
    left = rest;
    right = right.filter(([index]) => !taken.has(index));
  };
  match((member) => JSON.stringify(member) ?? "undefined");
  if (key !== undefined) match((member) => (isObject(member) ? JSON.stringify(member[key]) : undefined));
  // The same number of unnamed items on both sides: treat them as changed, not replaced.
  else if (left.length === right.length) match((member) => (isObject(member) ? "item" : undefined));
  for (const [index, member] of left) found.push({ label: label(member, index), before: member });
  for (const [index, member] of right) found.push({ label: label(member, index), after: member });
  return found;
}

type Entry = [index: number, member: unknown];

function grouped(
  entries: readonly Entry[],
  keyOf: (member: unknown) => string | undefined,
): Map<string, Queue> {
  const groups = new Map<string, Queue>();
  for (const entry of entries) {
    const key = keyOf(entry[1]);
    if (key === undefined) continue;
    const group = groups.get(key) ?? new Queue();
    group.push(entry);
    groups.set(key, group);
  }
  return groups;
}

/** Entries in order; `shift` takes constant time, unlike that of an array. */
class Queue {
  private readonly entries: Entry[] = [];
  private next = 0;

  push(entry: Entry): void {
    this.entries.push(entry);
  }

  shift(): Entry | undefined {
    return this.entries[this.next++];
  }
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
