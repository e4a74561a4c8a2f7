import { type PlannedStatement, plannedStatements } from "@packages/iam/planned-policy";
import { Value } from "@packages/terraform/value";
import { matrix } from "./matrix";
import { referencedName, type Stack } from "@packages/terraform/synthesized-stack";
import { UNRECORDED_ACTIONS } from "../../stacks/constructs/delivery/unrecorded-actions";
import { shown } from "./format";
import { resourceTables } from "./resource-grants";
import { statementsOf } from "./role-statements";

/** Markdown tables of the synthesized IAM policies: one per role, and one per resource with a policy. */
export function accessTables(stack: Stack): string {
  const roles = stack.attributesOf("aws_iam_role").map(([name, role]) => {
    const rows = statementsOf(stack, name).flatMap(rowsOf);
    const attached = stack
      .attributesOf("aws_iam_role_policy_attachment")
      .filter(([, { role: of }]) => referencedName(of) === name)
      .map(([, { policy_arn: arn }]) => `| ${shown(arn)} | see the policy | |`);
    return [
      `### ${name}`,
      "",
      `Assumed by ${trustedPrincipals(role.assume_role_policy)}.`,
      "",
      "| actions | resources | condition |",
      "|---|---|---|",
      ...rows,
      ...attached,
      "",
    ].join("\n");
  });
  return [`## ${stack.name}`, "", ...roles, resourceTables(stack)].join("\n");
}

/** Markdown matrix of roles and AWS services, with actions in the cells. With many services, roles are the columns. */
export function accessMatrix(stack: Stack): string {
  const cells = stack.attributesOf("aws_iam_role").flatMap(([name]) =>
    statementsOf(stack, name).flatMap(({ effect, actions }) =>
      actions.map((action) => {
        const [service = action, verb = "all actions"] = action.split(":");
        const role = name.replace(/_role$/, "");
        return { role, service, text: effect === "Deny" ? `**deny** ${verb}` : verb };
      }),
    ),
  );
  const distinct = (of: (cell: (typeof cells)[number]) => string): number => new Set(cells.map(of)).size;
  const table =
    distinct(({ service }) => service) > 12
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

/** Markdown table of the apply roles' rights that no recorded deployment used, with the reasons. */
export function unusedRights(): string {
  const rows = UNRECORDED_ACTIONS.map(({ reason, actions }) => `| ${actions.join("<br>")} | ${reason} |`);
  return [
    "## Unused rights of the apply roles",
    "",
    "The apply roles have named actions: those that deployments, changes and deletions of every environment were recorded to",
    "use on the emulator, and these. A test fails if a right is neither recorded nor listed here.",
    "",
    "| actions | why they are granted |",
    "|---|---|",
    ...rows,
  ].join("\n");
}

function rowsOf({ effect, actions, resources, notResources, condition }: PlannedStatement): string[] {
  const denied = effect === "Deny" ? "**deny** " : "";
  const on = [...resources, ...notResources.map((resource) => `all except ${resource}`)];
  const only = condition === undefined ? "" : shown(condition);
  return [`| ${denied}${actions.join("<br>")} | ${on.map(shown).join("<br>")} | ${only} |`];
}

/** Principals that can assume a role, one part per statement of its trust policy. */
function trustedPrincipals(policy: unknown): string {
  return plannedStatements(new Value(policy)).map(trustedBy).join("; ");
}

function trustedBy({ effect, principals, condition }: PlannedStatement): string {
  const who = principals
    .map((principal) => shown(principal.replace(/^(AWS|Service|Federated):/, "")))
    .join(", ");
  const all = effect === "Deny" ? `**deny** ${who}` : who;
  return condition === undefined ? all : `${all}, if ${shown(condition)}`;
}
