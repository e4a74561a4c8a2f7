import { type Change, shownAddress } from "./changes";
import type { Finding } from "./finding";
import { hasMarks } from "./placeholders";
import { MASKED } from "./mask";
import { isObject } from "./list-items";
import { type Attributes, isManaged, type Marks, type Plan } from "@packages/terraform/plan";

/** A cost item in US dollars per month. */
export interface Item {
  readonly what: string;
  /** Cost; 0 without a price. Negative for a discount. */
  readonly dollars: number;
  /** Address of the resource; absent for what belongs to none, such as a free amount. */
  readonly address?: string | undefined;
  /** Set if the price is unknown; totals are then incomplete. */
  readonly notPriced?: true;
}

/** Resources by type and address, with their attributes. */
export type ResourcesByType = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** A price list for reviews. */
export interface PriceList {
  /** Date of the prices, such as `2026-11-23`. */
  readonly date: string;
  /** Resource types that it has prices for. */
  readonly types: readonly string[];
  /** Monthly cost of resources without any use. */
  idleMonth(resources: ResourcesByType): readonly Item[];
}

/** Monthly idle cost before and after, in US dollars of a price list. */
export interface CostChange {
  readonly before: number;
  readonly after: number;
  /** Differences per item, largest first. */
  readonly items: readonly { readonly what: string; readonly dollars: number }[];
  /** Date of the prices. */
  readonly pricesOf: string;
  /** Items without a price, on either side; totals would be wrong. */
  readonly unpriced?: string;
  /** Differences of changed resources by address; `not priced` if the price of either side is not known. */
  readonly resources: Readonly<Record<string, ResourceCost>>;
  /** Types that change and have no price, sorted. They are not in the totals. */
  readonly notPricedTypes: readonly string[];
}

/** Difference in US dollars per month. */
export type ResourceCost = number | "not priced";

export function costChange(plan: Plan, changes: readonly Change[], prices: PriceList): CostChange {
  const before = prices.idleMonth(resourcesOf(plan, "before"));
  const after = prices.idleMonth(resourcesOf(plan, "after"));
  const unpriced = new Set(
    [...before, ...after].filter(({ notPriced }) => notPriced).map(({ what }) => what),
  );
  const each = {
    pricesOf: prices.date,
    resources: resourceCosts({ before, after }, changes),
    notPricedTypes: notPricedTypes(changes, prices),
  };
  if (unpriced.size > 0) {
    const what = `no price for ${[...unpriced].join("; ")}`;
    return { before: 0, after: 0, items: [], unpriced: what, ...each };
  }
  return { before: total(before), after: total(after), items: differences(before, after), ...each };
}

function resourceCosts(
  items: { readonly before: readonly Item[]; readonly after: readonly Item[] },
  changes: readonly Change[],
): Record<string, ResourceCost> {
  const costs = new Map<string, ResourceCost>();
  const add = ({ address = "", dollars, notPriced }: Item, sign: 1 | -1) => {
    const sum = costs.get(address) ?? 0;
    costs.set(address, notPriced === true || sum === "not priced" ? "not priced" : sum + sign * dollars);
  };
  for (const one of items.after) add(one, 1);
  for (const one of items.before) add(one, -1);
  const changed = changes.flatMap(({ address }) => {
    const cost = costs.get(address);
    return cost === undefined || (cost !== "not priced" && Math.abs(cost) < 0.005)
      ? []
      : [[address, cost] as const];
  });
  return Object.fromEntries(changed);
}

/** Types without a price among those that begin, end or change; what only moves or is imported costs the same. */
function notPricedTypes(changes: readonly Change[], { types }: PriceList): string[] {
  const known = new Set(types);
  const same = new Set(["move", "import", "forget", "read"]);
  const others = changes.filter(({ type, action }) => !known.has(type) && !same.has(action));
  return [...new Set(others.map(({ type }) => type))].sort();
}

/** Text of a resource's cost: `+36.50 $ per month`, or `not priced`. */
export function resourceCostText(cost: ResourceCost): string {
  return cost === "not priced" ? cost : `${signed(cost)} $ per month`;
}

/** Types without a price in words; empty if there are none. */
export function notPricedText({ notPricedTypes: types }: CostChange): string {
  if (types.length === 0) return "";
  return `Not priced: ${types.length} type${types.length === 1 ? "" : "s"}.`;
}

/** A finding if the cost rises by more than 10 dollars and 5 percent. */
export function costFindings({ before, after, items, unpriced }: CostChange): Finding[] {
  if (unpriced !== undefined)
    return [{ severity: "review", rule: "cost", title: `the total cost is unknown: ${unpriced}` }];
  const more = after - before;
  if (before === 0 || more <= Math.max(10, before * 0.05)) return [];
  return [
    {
      severity: "review",
      rule: "cost",
      title: `idle cost rises by ${more.toFixed(2)} $ per month, from ${before.toFixed(2)} $ to ${after.toFixed(2)} $`,
      details: items.map(({ what, dollars }) => `${what}: ${signed(dollars)} $`),
    },
  ];
}

/** `+36.50`, `-2.00` */
export function signed(dollars: number): string {
  return `${dollars < 0 ? "" : "+"}${dollars.toFixed(2)}`;
}

/** Resources on one side of the plan; values unknown before apply are empty. */
function resourcesOf({ resource_changes: resources }: Plan, side: "before" | "after"): ResourcesByType {
  const found: Record<string, Record<string, Attributes>> = {};
  for (const resource of resources) {
    const { type, address, change } = resource;
    const values = change[side];
    if (isManaged(resource) && isObject(values))
      (found[type] ??= {})[shownAddress(address)] = withoutMarked(values, change[`${side}_sensitive`]);
  }
  return found;
}

/** Removes sensitive values, because items show sizes; such a size has no price. */
function withoutMarked(values: Attributes, marks: Marks): Attributes {
  if (!hasMarks(marks)) return values;
  const isMarked = (name: string) => marks === true || (isObject(marks) && marks[name] === true);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isMarked(name) ? MASKED : value]),
  );
}

const total = (items: readonly Item[]): number => items.reduce((sum, { dollars }) => sum + dollars, 0);

function differences(before: readonly Item[], after: readonly Item[]): Item[] {
  const names = [...new Set([...before, ...after].map(({ what }) => what))];
  const sum = (items: readonly Item[], name: string) =>
    items.filter(({ what }) => what === name).reduce((dollars, item) => dollars + item.dollars, 0);
  return names
    .map((what) => ({ what, dollars: sum(after, what) - sum(before, what) }))
    .filter(({ dollars }) => Math.abs(dollars) >= 0.005)
    .sort((one, other) => Math.abs(other.dollars) - Math.abs(one.dollars));
}
