import { isDeepStrictEqual } from "node:util";
import { type Attributes, isManaged, type Plan, type PlannedChange } from "./plan";

export interface Difference {
  readonly address: string;
  readonly type: string;
  /** The attribute, or the action if it is not an update. */
  readonly attribute: string;
}

const isUnknown = (value: unknown): boolean =>
  value === true || (typeof value === "object" && value !== null && Object.values(value).some(isUnknown));

function changedAttributes(change: PlannedChange): string[] {
  const attributes = (value: unknown): Attributes => (value ?? {}) as Attributes;
  const before = attributes(change.before);
  const after = attributes(change.after);
  const unknown = attributes(change.after_unknown);
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const [name, value] of Object.entries(unknown)) if (isUnknown(value)) names.add(name);
  return [...names].filter(
    (name) => isUnknown(unknown[name]) || !isDeepStrictEqual(before[name], after[name]),
  );
}

/** All changes of a plan, one entry per resource and attribute. */
export function differences(plan: Pick<Plan, "resource_changes" | "output_changes">): Difference[] {
  const resources = plan.resource_changes.filter(isManaged).flatMap(({ address, type, change }) => {
    const actions = change.actions.join(" and ");
    if (actions === "no-op") return [];
    const attributes = actions === "update" ? changedAttributes(change) : [actions];
    return attributes.map((attribute) => ({ address, type, attribute }));
  });
  const outputs = Object.entries(plan.output_changes ?? {})
    .filter(([, { actions }]) => actions.join() !== "no-op")
    .map(([name]) => ({ address: `output.${name}`, type: "output", attribute: "value" }));
  return [...resources, ...outputs];
}
