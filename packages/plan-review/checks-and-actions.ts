import type { Finding } from "./finding";
import { maskedText } from "./mask";
import type { ActionInvocation, Plan } from "@packages/terraform/plan";

/** Addresses of actions that an apply runs or defers; some have no resource change. */
export function invokedActions(plan: Plan): string[] {
  return invocationsOf(plan).map(({ address }) => maskedText(address));
}

/** Findings about the plan as a whole: incomplete plans, actions, failed checks and what this code does not know. */
export function planFindings(plan: Plan): Finding[] {
  return [
    ...partFindings(plan),
    ...invocationsOf(plan).map(invocationFinding),
    ...checkFindings(plan),
    ...unknownKeyFindings(plan),
    ...oldFormatFindings(plan),
  ];
}

/**
 * Keys of a plan in the formats 0.1 to 1.2 of Terraform 0.12 to 1.15 and OpenTofu. `variables`, `prior_state` and
 * `timestamp` do not decide what an apply does: the changes contain their effect.
 */
const PLAN_KEYS = new Set([
  ...[
    "format_version",
    "terraform_version",
    "variables",
    "planned_values",
    "proposed_unknown",
    "prior_state",
  ],
  ...["resource_changes", "resource_drift", "deferred_changes", "deferred_action_invocations"],
  ...["action_invocations", "output_changes", "configuration", "relevant_attributes", "checks"],
  ...["condition_results", "provider_schemas", "timestamp", "applyable", "complete", "errored"],
]);

const RESOURCE_KEYS = new Set([
  ...["address", "previous_address", "module_address", "mode", "type", "name", "index", "index_unknown"],
  ...["provider_name", "deposed", "change", "action_reason", "schema_version"],
]);

const CHANGE_KEYS = new Set([
  ...["actions", "before", "after", "after_unknown", "before_sensitive", "after_sensitive", "replace_paths"],
  ...["importing", "generated_config", "before_identity", "after_identity"],
]);

/** A finding for keys that a later format may add: they may say what an apply does. */
function unknownKeyFindings(plan: Plan): Finding[] {
  const unknown = new Set(Object.keys(plan).filter((key) => !PLAN_KEYS.has(key) && key !== "//"));
  for (const { change, ...resource } of plan.resource_changes) {
    for (const key of Object.keys(resource))
      if (!RESOURCE_KEYS.has(key)) unknown.add(`resource_changes.${key}`);
    for (const key of Object.keys(change)) if (!CHANGE_KEYS.has(key)) unknown.add(`change.${key}`);
  }
  if (unknown.size === 0) return [];
  return [
    {
      severity: "review",
      rule: "unknown-key",
      title: `the plan has parts that this review does not know: ${[...unknown].sort().join(", ")}`,
    },
  ];
}

/** Formats 0.x have no marks of sensitive values. */
function oldFormatFindings({ format_version: version, resource_changes: changes }: Plan): Finding[] {
  const isMarked = changes.some(({ change }) => "after_sensitive" in change || "before_sensitive" in change);
  if (!version.startsWith("0.") || isMarked || changes.length === 0) return [];
  return [
    {
      severity: "info",
      rule: "format",
      title: `format ${version} does not mark sensitive values: only those that look like secrets are hidden`,
    },
  ];
}

function invocationsOf({ action_invocations: now = [], deferred_action_invocations: later = [] }: Plan) {
  return [...now, ...later.map(({ action_invocation: action }) => action)];
}

function invocationFinding({ address, lifecycle_action_trigger: trigger }: ActionInvocation): Finding {
  const resource = trigger?.triggering_resource_address;
  const when =
    trigger?.action_trigger_event?.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase() ?? "on a change";
  return {
    severity: "review",
    rule: "action",
    title: `${maskedText(address)} is run${resource === undefined ? "" : `, ${when} of ${maskedText(resource)}`}`,
    address: maskedText(address),
  };
}

function partFindings(plan: Plan): Finding[] {
  const { complete, applyable, deferred_changes: deferred = [] } = plan;
  const changes = plan.resource_changes.some(
    ({ change }) => !/^(?:no-op|read|open)$/.test(change.actions.join()),
  );
  if (applyable === false && changes) {
    return [{ severity: "review", rule: "partial", title: "Terraform says that this plan can't be applied" }];
  }
  if (complete !== false && deferred.length === 0) return [];
  return [
    {
      severity: "review",
      rule: "partial",
      title: "the plan is incomplete: it was made with -target or defers changes; plan again afterwards",
      details: deferred.map(({ reason, resource_change: { address } }) => {
        return `${maskedText(address)} is deferred: ${reason.replaceAll("_", " ")}`;
      }),
    },
  ];
}

function checkFindings({ checks = [] }: Plan): Finding[] {
  return checks
    .filter(({ status }) => status === "fail" || status === "error")
    .map(({ address, status, instances = [] }) => ({
      severity: "review",
      rule: "check",
      title: `${maskedText(address.to_display)} ${status === "fail" ? "fails" : "can't be checked"}`,
      details: instances.flatMap(({ problems = [] }) => problems.map(({ message }) => maskedText(message))),
    }));
}
