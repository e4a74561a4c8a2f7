import { isDeepStrictEqual } from "node:util";
import type { Attributes } from "@packages/terraform/plan";
import { isNothing, unfold } from "./difference";
import { isObject, isScalar, pairs } from "./list-items";
import { COMPUTED } from "./placeholders";

/** A changed value without parts: a scalar or a list of scalars. */
export interface AttributeChange {
  /** Names joined by dots, without list indices: `rule.destination.bucket`. */
  readonly path: string;
  /** Name or index of the innermost list item that contains the value; empty outside of lists. */
  readonly item: string;
  /** Undefined if it did not exist. */
  readonly before: unknown;
  /** Undefined if it is removed. */
  readonly after: unknown;
}

/** Values of created resources: several rules read them. */
const CREATED = new WeakMap<Attributes, readonly AttributeChange[]>();

/**
 * Changed values at any depth, also in JSON strings. A missing side of a resource counts as empty, so a created
 * resource has one change for each value that it sets.
 */
export function attributeChanges(
  before: Attributes | undefined,
  after: Attributes | undefined,
): readonly AttributeChange[] {
  const known = before === undefined && after !== undefined ? CREATED.get(after) : undefined;
  if (known !== undefined) return known;
  const found: AttributeChange[] = [];
  collect({ path: "", item: "", before: before ?? {}, after: after ?? {} }, found);
  if (before === undefined && after !== undefined) CREATED.set(after, found);
  return found;
}

function collect(change: AttributeChange, found: AttributeChange[]): void {
  const { path, item, before, after } = change;
  if (before === after || after === COMPUTED) return;
  const [left, right] = [unfold(before), unfold(after)];
  if (isList(left) || isList(right)) {
    const lists = [left, right].map((side) => (isList(side) ? side : []));
    if (lists.flat().every((member) => isScalar(member) || member === null)) leaf(change, found);
    else for (const pair of pairs(lists[0] ?? [], lists[1] ?? [])) collectItem(change, pair, found);
  } else if (isObject(left) || isObject(right)) {
    const [from, to]: Attributes[] = [isObject(left) ? left : {}, isObject(right) ? right : {}];
    if (!isObject(right) && right !== undefined && right !== null) leaf(change, found);
    for (const key of new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])) {
      const below = path === "" ? key : `${path}.${key}`;
      collect({ path: below, item, before: from?.[key], after: to?.[key] }, found);
    }
  } else leaf(change, found);
}

function collectItem(
  list: AttributeChange,
  pair: ReturnType<typeof pairs>[number],
  found: AttributeChange[],
) {
  collect({ path: list.path, item: pair.label, before: pair.before, after: pair.after }, found);
}

function leaf(change: AttributeChange, found: AttributeChange[]): void {
  const { before, after } = change;
  if ((isNothing(before) && isNothing(after)) || isDeepStrictEqual(before, after)) return;
  found.push({ ...change, before: before ?? undefined, after: after ?? undefined });
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
