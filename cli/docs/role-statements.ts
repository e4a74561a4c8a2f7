import { type PlannedStatement, plannedStatements } from "@packages/iam/planned-policy";
import { referencedName, type Stack } from "@packages/terraform/synthesized-stack";
import { Value } from "@packages/terraform/value";

/** Statements of a role's inline policies and of attached policies in the same stack. */
export function statementsOf(stack: Stack, role: string): PlannedStatement[] {
  const inline = stack
    .attributesOf("aws_iam_role_policy")
    .filter(([, policy]) => referencedName(policy.role) === role);
  const attached = stack
    .attributesOf("aws_iam_role_policy_attachment")
    .filter(([, attachment]) => referencedName(attachment.role) === role)
    .map(([, { policy_arn: arn }]) => referencedName(arn));
  const managed = stack.attributesOf("aws_iam_policy").filter(([name]) => attached.includes(name));
  return [...inline, ...managed].flatMap(([, { policy }]) => plannedStatements(new Value(policy)));
}
