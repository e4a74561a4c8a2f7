import { createHash } from "node:crypto";
import type { Synthesized } from "./changes";
import { configuredIn, withoutKeys } from "./configuration";
import { hasMarks } from "./placeholders";
import { isObject } from "./list-items";
import type { Attributes, Expressions, Plan, ResourceChange } from "@packages/terraform/plan";

/**
 * SHA-256 in hexadecimal of a plan's effect: equal for equivalent plans, independent of time and order. It includes
 * imports, moves, deferrals, actions and commands, the code of values unknown before apply, and secret values, which
 * can't be derived from it.
 */
export function planDigest(plan: Plan, synthesized: Synthesized = new Map()): string {
  const configured = new Map(
    configuredIn(plan.configuration?.root_module).map((resource) => [resource.address, resource]),
  );
  const { output_changes: outputs = {} } = plan;
  const changes = plan.resource_changes.filter(doesSomething).map((resource) => {
    const { address, previous_address: previous, deposed, change } = resource;
    const settings = configured.get(withoutKeys(address));
    const code = codeOf(resource, synthesized.get(address), settings?.expressions);
    return { address, previous, deposed, change, code, commands: settings?.provisioners };
  });
  const content = {
    changes: inOrder(changes),
    outputs: inOrder(Object.entries(outputs).filter(([, { actions }]) => actions.join() !== "no-op")),
    deferred: inOrderIfAny(plan.deferred_changes),
    actions: inOrderIfAny(plan.action_invocations),
    deferredActions: inOrderIfAny(plan.deferred_action_invocations),
  };
  return createHash("sha256")
    .update(JSON.stringify(sorted(content)))
    .digest("hex");
}

/** Whether a change has an effect; an unchanged resource may still be imported or moved. */
function doesSomething({ change, address, previous_address: previous }: ResourceChange): boolean {
  if (change.actions.join() !== "no-op") return true;
  return (change.importing ?? undefined) !== undefined || (previous ?? address) !== address;
}

/** The code of values that are unknown before apply. */
function codeOf(
  { change }: ResourceChange,
  code: Attributes | undefined,
  expressions: Expressions | undefined,
): unknown {
  const unknown = isObject(change.after_unknown) ? change.after_unknown : {};
  const names = Object.keys(unknown).filter((name) => hasMarks(unknown[name]));
  return names.map((name) => [name, code?.[name], expressions?.[name]]);
}

function inOrder(list: readonly unknown[]): string[] {
  return list.map((member) => JSON.stringify(sorted(member))).sort();
}

/** Sorted list, or undefined if empty, so that older Terraform versions without such lists have the same digest. */
function inOrderIfAny(list: readonly unknown[] = []): string[] | undefined {
  return list.length === 0 ? undefined : inOrder(list);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
