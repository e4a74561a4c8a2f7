import type { Condition } from "@packages/iam/conditions";
import { matchesAction } from "@packages/iam/patterns";
import { plannedStatements } from "@packages/iam/planned-policy";
import type { Resource } from "@packages/terraform/synthesized-stack";
import type { Value } from "@packages/terraform/value";

export interface PlainHttpRequest {
  readonly action: string;
  readonly resource: Resource;
  /** Whether the action is on what is in the resource too, such as a bucket's objects. */
  readonly withContents?: boolean;
}

/** Whether a policy denies an action on a resource to everybody who comes without TLS, without any other condition. */
export function deniesPlainHttp(
  policy: Value,
  { action, resource, withContents = false }: PlainHttpRequest,
): boolean {
  return plannedStatements(policy).some(
    ({ effect, principals, actions, resources, conditions }) =>
      effect === "Deny" &&
      principals.includes("*") &&
      actions.some((pattern) => matchesAction(pattern, action)) &&
      resources.some((arn) => !arn.endsWith("/*") && resource.isMeantBy(arn)) &&
      (!withContents ||
        resources.some((arn) => arn.endsWith("/*") && resource.isMeantBy(arn.slice(0, -2)))) &&
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
