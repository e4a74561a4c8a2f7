import type { PlanJson } from "@packages/terraform/plan-differences";

/** How many resources and outputs a plan touches. */
export interface ChangeCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  /** Moved, imported or forgotten: the state changes, AWS does not. */
  readonly state: number;
  readonly outputs: number;
}

/** Counts what a plan would do; a replacement is neither a creation nor a deletion. */
export function countChanges(plan: PlanJson): ChangeCounts {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, state: 0, outputs: 0 };
  for (const resource of plan.resource_changes ?? []) {
    if (resource.mode === "data") continue;
    const { actions, importing } = resource.change as typeof resource.change & { importing?: unknown };
    const moved = (resource as typeof resource & { previous_address?: string }).previous_address;
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

/** Such as `2 to create, 1 to replace`; `no changes` when there are none. */
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
