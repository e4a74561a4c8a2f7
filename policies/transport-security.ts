import type { Condition } from "@packages/iam/conditions";
import { matchesAction } from "@packages/iam/patterns";
import { plannedStatements } from "@packages/iam/planned-policy";
import type { Resource } from "@packages/terraform/synthesized-stack";
import type { Value } from "@packages/terraform/value";

/**
 * Whether a policy denies an action on a resource, and on what is in it when `objects` is set, to everybody who
 * comes without TLS, and on no other condition.
 */
export function refusesPlainHttp(policy: Value, action: string, of: Resource, objects = false): boolean {
  return plannedStatements(policy).some(
    ({ effect, principals, actions, resources, conditions }) =>
      effect === "Deny" &&
      principals.includes("*") &&
      actions.some((pattern) => matchesAction(pattern, action)) &&
      resources.some((arn) => !arn.endsWith("/*") && of.isMeantBy(arn)) &&
      (!objects || resources.some((arn) => arn.endsWith("/*") && of.isMeantBy(arn.slice(0, -2)))) &&
      isWithoutTls(conditions),
  );
}

function isWithoutTls([condition, ...others]: readonly Condition[]): boolean {
  return (
    condition?.operator === "Bool" &&
    condition.key.toLowerCase() === "aws:securetransport" &&
    condition.values.length > 0 &&
    condition.values.every((value) => value === "false") &&
    others.length === 0
  );
}
