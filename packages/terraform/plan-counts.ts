import { isManaged, type Plan } from "./plan";

/** Numbers of resources and outputs that a plan changes. */
export interface ChangeCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  /** Changes of the state only: moves, imports and removals. */
  readonly state: number;
  readonly outputs: number;
}

/** Counts the changes of a plan; a replacement is neither a creation nor a deletion. */
export function countChanges(plan: Pick<Plan, "resource_changes" | "output_changes">): ChangeCounts {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, state: 0, outputs: 0 };
  for (const resource of plan.resource_changes.filter(isManaged)) {
    const { actions, importing } = resource.change;
    const moved = resource.previous_address;
    const [action = "no-op"] = actions;
    if (actions.length > 1) counts.replace++;
    else if (action === "create" || action === "update" || action === "delete") counts[action]++;
    else if (action !== "no-op" && action !== "read") counts.state++;
    if (action === "no-op" && (moved !== undefined || importing)) counts.state++;
  }
  const outputs = Object.values(plan.output_changes ?? {});
  counts.outputs = outputs.filter(({ actions }) => actions.join() !== "no-op").length;
  return counts;
}

/** Text such as `2 to create, 1 to replace`, or `no changes`. */
export function describeCounts(counts: ChangeCounts): string {
  const { state, outputs, ...actions } = counts;
  const parts = Object.entries(actions).map(([action, count]) => [count, `${count} to ${action}`] as const);
  const texts = [
    ...parts,
    [state, `${state} to move in the state`] as const,
    [outputs, `${outputs} ${outputs === 1 ? "output" : "outputs"} to change`] as const,
  ];
  return texts.flatMap(([count, text]) => (count > 0 ? [text] : [])).join(", ") || "no changes";
}
