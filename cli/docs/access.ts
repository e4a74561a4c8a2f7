import { decode } from "@packages/terraform/expression";
import { matrix } from "./matrix";
import { ofType, referenced, shown, type Stack } from "./synthesized";

export interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const listed = (value: string | readonly string[] | undefined): string[] => [value ?? []].flat();

/** Who may do what to which resource: a table for each role, from the policies as synthesized. */
export function accessTables(stack: Stack): string {
  const roles = ofType(stack, "aws_iam_role").map(([name, role]) => {
    const rows = statementsOf(stack, name).flatMap(rowsOf);
    const attached = ofType(stack, "aws_iam_role_policy_attachment")
      .filter(([, { role: of }]) => referenced(of) === name)
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
  const cells = ofType(stack, "aws_iam_role").flatMap(([name]) =>
    statementsOf(stack, name).flatMap(({ Effect, Action }) =>
      listed(Action).map((action) => {
        const [service = action, verb = "everything"] = action.split(":");
        const role = name.replace(/_role$/, "");
        return { role, service, text: Effect === "Deny" ? `**not** ${verb}` : verb };
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
export function statementsOf(stack: Stack, role: string): Statement[] {
  const inline = ofType(stack, "aws_iam_role_policy").filter(
    ([, policy]) => referenced(policy.role) === role,
  );
  const attached = ofType(stack, "aws_iam_role_policy_attachment")
    .filter(([, attachment]) => referenced(attachment.role) === role)
    .map(([, { policy_arn: arn }]) => referenced(arn));
  const managed = ofType(stack, "aws_iam_policy").filter(([name]) => attached.includes(name));
  return [...inline, ...managed].flatMap(
    ([, { policy }]) => (decode(policy as string) as { Statement: Statement[] }).Statement,
  );
}

function rowsOf({ Effect, Action, Resource, NotResource, Condition }: Statement): string[] {
  const refused = Effect === "Deny" ? "**not** " : "";
  const on = [...listed(Resource), ...listed(NotResource).map((resource) => `all but ${resource}`)];
  const condition = Condition === undefined ? "" : shown(Condition);
  return [`| ${refused}${listed(Action).join("<br>")} | ${on.map(shown).join("<br>")} | ${condition} |`];
}

function trusted(policy: unknown): string {
  const [statement] = (decode(policy as string) as { Statement: Statement[] }).Statement;
  const who = Object.values(statement?.Principal as object)
    .flat()
    .map(shown)
    .join(", ");
  return statement?.Condition === undefined ? who : `${who}, if ${shown(statement.Condition)}`;
}
