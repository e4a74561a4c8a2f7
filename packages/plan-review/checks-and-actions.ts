import type { Finding } from "./finding";
import { maskedText } from "./mask";
import type { ActionInvocation, Plan } from "@packages/terraform/plan";

/** Addresses of actions that an apply runs or defers; some have no resource change. */
export function invokedActions(plan: Plan): string[] {
  return invocationsOf(plan).map(({ address }) => address);
}

/** Findings about the plan as a whole: incomplete plans, actions and failed checks. */
export function planFindings(plan: Plan): Finding[] {
  return [...partFindings(plan), ...invocationsOf(plan).map(invocationFinding), ...checkFindings(plan)];
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
    title: `${address} is run${resource === undefined ? "" : `, ${when} of ${resource}`}`,
    address,
  };
}

function partFindings({ complete, deferred_changes: deferred = [] }: Plan): Finding[] {
  if (complete !== false && deferred.length === 0) return [];
  return [
    {
      severity: "review",
      rule: "partial",
      title: "the plan is incomplete: it was made with -target or defers changes; plan again afterwards",
      details: deferred.map(({ reason, resource_change: { address } }) => {
        return `${address} is deferred: ${reason.replaceAll("_", " ")}`;
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
      title: `${address.to_display} ${status === "fail" ? "fails" : "can't be checked"}`,
      details: instances.flatMap(({ problems = [] }) => problems.map(({ message }) => maskedText(message))),
    }));
}
