import { createHash } from "node:crypto";
import type { Synthesized } from "./changes";
import { hasMarks } from "./placeholders";
import { isObject } from "./list-items";
import type {
  ConfiguredModule,
  ConfiguredResource,
  Expressions,
  Plan,
  ResourceChange,
} from "@packages/terraform/plan";

/**
 * SHA-256 of what a plan would do, in hexadecimal: the same for every plan that would do the same, whenever and in
 * whichever order it was made. Imports, moves, deferrals and actions count, and so does the code of what is known only
 * when it is applied. Secret values count, but can't be read from it.
 */
export function planDigest(plan: Plan, synthesized: Synthesized = new Map()): string {
  const configured = configuredExpressions(plan.configuration?.root_module);
  const { output_changes: outputs = {} } = plan;
  const changes = plan.resource_changes.filter(doesSomething).map((resource) => {
    const { address, previous_address: previous, deposed, change } = resource;
    return { address, previous, deposed, change, code: codeOf(resource, synthesized, configured) };
  });
  const told = {
    changes: inOrder(changes),
    outputs: inOrder(Object.entries(outputs).filter(([, { actions }]) => actions.join() !== "no-op")),
    deferred: inOrderIfAny(plan.deferred_changes),
    actions: inOrderIfAny(plan.action_invocations),
    deferredActions: inOrderIfAny(plan.deferred_action_invocations),
  };
  return createHash("sha256")
    .update(JSON.stringify(sorted(told)))
    .digest("hex");
}

/** What leaves a resource as it is may still import it, or give it another address in the state. */
function doesSomething({ change, address, previous_address: previous }: ResourceChange): boolean {
  if (change.actions.join() !== "no-op") return true;
  return (change.importing ?? undefined) !== undefined || (previous ?? address) !== address;
}

/** The words of the code from which Terraform makes what it does not know yet; nothing where all is known. */
function codeOf(
  { address, change }: ResourceChange,
  synthesized: Synthesized,
  configured: ReadonlyMap<string, Expressions>,
): unknown {
  const unknown = isObject(change.after_unknown) ? change.after_unknown : {};
  const names = Object.keys(unknown).filter((name) => hasMarks(unknown[name]));
  const sources = [
    synthesized.get(address),
    configured.get(address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "")),
  ];
  return names.map((name) => [name, ...sources.map((source) => source?.[name])]);
}

function configuredExpressions(module: ConfiguredModule = {}, prefix = ""): Map<string, Expressions> {
  const { resources = [], module_calls: calls = {} } = module;
  const own = resources.map(({ address, expressions = {} }: ConfiguredResource) => {
    return [`${prefix}${address}`, expressions] as const;
  });
  const inner = Object.entries(calls).flatMap(([name, call]) => [
    ...configuredExpressions(call.module, `${prefix}module.${name}.`),
  ]);
  return new Map([...own, ...inner]);
}

function inOrder(list: readonly unknown[]): string[] {
  return list.map((member) => JSON.stringify(sorted(member))).sort();
}

/** Undefined, and so left out of the digest, where there is nothing: older Terraform does not know of such lists. */
function inOrderIfAny(list: readonly unknown[] = []): string[] | undefined {
  return list.length === 0 ? undefined : inOrder(list);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
