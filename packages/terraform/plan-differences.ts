import { isDeepStrictEqual } from "node:util";
import type { KnownGap } from "./known-gaps";

/** The parts of `terraform show -json <plan>` that say what would change. */
export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly mode?: "managed" | "data";
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown?: Readonly<Record<string, unknown>>;
  };
}

export interface Difference {
  readonly address: string;
  readonly type: string;
  /** The attribute, or the action when it is more than an update. */
  readonly attribute: string;
}

const isUnknown = (value: unknown): boolean =>
  value === true || (typeof value === "object" && value !== null && Object.values(value).some(isUnknown));

function changedAttributes({ before, after, after_unknown }: ResourceChange["change"]): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  for (const [name, value] of Object.entries(after_unknown ?? {})) if (isUnknown(value)) names.add(name);
  return [...names].filter(
    (name) => isUnknown(after_unknown?.[name]) || !isDeepStrictEqual(before?.[name], after?.[name]),
  );
}

/** Everything that a plan would change, one entry for each resource and attribute. */
export function differences(plan: PlanJson): Difference[] {
  const resources = (plan.resource_changes ?? []).flatMap(({ address, type, mode, change }) => {
    const actions = change.actions.join(" and ");
    if (actions === "no-op" || mode === "data") return [];
    const attributes = actions === "update" ? changedAttributes(change) : [actions];
    return attributes.map((attribute) => ({ address, type, attribute }));
  });
  const outputs = Object.entries(plan.output_changes ?? {})
    .filter(([, { actions }]) => actions.join() !== "no-op")
    .map(([name]) => ({ address: `output.${name}`, type: "output", attribute: "value" }));
  return [...resources, ...outputs];
}

export interface GapReport {
  /** Changes that no entry explains. */
  readonly unknown: readonly Difference[];
  /** Entries of a deployed resource type that explain nothing any more. */
  readonly unneeded: readonly KnownGap[];
  readonly explained: readonly Difference[];
}

/** Holds the table of known gaps against what a plan after an apply would change. */
export function compareGaps(plan: PlanJson, gaps: readonly KnownGap[]): GapReport {
  const found = differences(plan);
  const matches = (gap: KnownGap, difference: Difference) =>
    gap.type === difference.type && gap.attribute === difference.attribute;
  const deployed = new Set((plan.resource_changes ?? []).map(({ type }) => type));
  return {
    unknown: found.filter((difference) => !gaps.some((gap) => matches(gap, difference))),
    explained: found.filter((difference) => gaps.some((gap) => matches(gap, difference))),
    unneeded: gaps.filter(
      (gap) => deployed.has(gap.type) && !found.some((difference) => matches(gap, difference)),
    ),
  };
}

/** Why the second plan is not what it must be, undefined when it is. */
export function gapFault({ unknown, unneeded }: GapReport): string | undefined {
  const lines = [
    ...unknown.map(({ address, attribute }) => `${address}: ${attribute} would change again`),
    ...unneeded.map(
      ({ type, attribute }) => `${type}.${attribute}: no longer changes, delete it from known-gaps.ts`,
    ),
  ];
  return lines.length > 0 ? lines.join("\n") : undefined;
}
