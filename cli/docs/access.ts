import { type PlannedStatement, plannedStatements } from "@packages/iam/planned-policy";
import { Value } from "@packages/terraform/value";
import { matrix } from "./matrix";
import { referencedName, type Stack } from "@packages/terraform/synthesized-stack";
import { shown } from "./format";

/** Who may do what to which resource: a table for each role, from the policies as synthesized. */
export function accessTables(stack: Stack): string {
  const roles = stack.attributesOf("aws_iam_role").map(([name, role]) => {
    const rows = statementsOf(stack, name).flatMap(rowsOf);
    const attached = stack
      .attributesOf("aws_iam_role_policy_attachment")
      .filter(([, { role: of }]) => referencedName(of) === name)
      .map(([, { policy_arn: arn }]) => `| ${shown(arn)} | as AWS or the policy says | |`);
    return [
      `### ${name}`,
      "",
      `Assumed by ${trusted(role.assume_role_policy)}.`,
      "",
      "| may | on | if |",
      "|---|---|---|",
      ...rows,
      ...attached,
      "",
    ].join("\n");
  });
  return [`## ${stack.name}`, "", ...roles].join("\n");
}

/** Which role may do what to which service of AWS; many services stand below each other. */
export function accessMatrix(stack: Stack): string {
  const cells = stack.attributesOf("aws_iam_role").flatMap(([name]) =>
    statementsOf(stack, name).flatMap(({ effect, actions }) =>
      actions.map((action) => {
        const [service = action, verb = "everything"] = action.split(":");
        const role = name.replace(/_role$/, "");
        return { role, service, text: effect === "Deny" ? `**not** ${verb}` : verb };
      }),
    ),
  );
  const many = (of: (cell: (typeof cells)[number]) => string): number => new Set(cells.map(of)).size;
  const table =
    many(({ service }) => service) > 12
      ? matrix(
          "service",
          cells.map(({ role, service, text }) => ({ row: service, column: role, text })),
        )
      : matrix(
          "role",
          cells.map(({ role, service, text }) => ({ row: role, column: service, text })),
        );
  return [`## ${stack.name}`, "", table].join("\n");
}

/** What a role may do, by its own policies and those attached to it that are of the stack. */
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

function rowsOf({ effect, actions, resources, notResources, condition }: PlannedStatement): string[] {
  const refused = effect === "Deny" ? "**not** " : "";
  const on = [...resources, ...notResources.map((resource) => `all but ${resource}`)];
  const only = condition === undefined ? "" : shown(condition);
  return [`| ${refused}${actions.join("<br>")} | ${on.map(shown).join("<br>")} | ${only} |`];
}

function trusted(policy: unknown): string {
  const [statement] = plannedStatements(new Value(policy));
  const who = (statement?.principals ?? [])
    .map((principal) => shown(principal.replace(/^(AWS|Service|Federated):/, "")))
    .join(", ");
  return statement?.condition === undefined ? who : `${who}, if ${shown(statement.condition)}`;
}
