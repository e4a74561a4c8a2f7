import { type PlannedStatement, plannedStatements } from "@packages/iam/planned-policy";
import { Value } from "@packages/terraform/value";
import { matrix } from "./matrix";
import { referencedName, type Stack } from "@packages/terraform/synthesized-stack";
import { shown } from "./format";
import { resourceTables } from "./resource-grants";
import { statementsOf } from "./role-statements";

/** Who may do what to which resource, from the policies as synthesized: a table for each role and each resource's policy. */
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
  return [`## ${stack.name}`, "", ...roles, resourceTables(stack)].join("\n");
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

function rowsOf({ effect, actions, resources, notResources, condition }: PlannedStatement): string[] {
  const refused = effect === "Deny" ? "**not** " : "";
  const on = [...resources, ...notResources.map((resource) => `all but ${resource}`)];
  const only = condition === undefined ? "" : shown(condition);
  return [`| ${refused}${actions.join("<br>")} | ${on.map(shown).join("<br>")} | ${only} |`];
}

/** Who assumes a role, by each statement of its trust policy. */
function trusted(policy: unknown): string {
  return plannedStatements(new Value(policy)).map(trustedBy).join("; ");
}

function trustedBy({ effect, principals, condition }: PlannedStatement): string {
  const who = principals
    .map((principal) => shown(principal.replace(/^(AWS|Service|Federated):/, "")))
    .join(", ");
  const all = effect === "Deny" ? `**not** ${who}` : who;
  return condition === undefined ? all : `${all}, if ${shown(condition)}`;
}
