import { type PlannedStatement, plannedStatements } from "@packages/iam/planned-policy";
import { addressesIn, type Resource, type Stack } from "@packages/terraform/synthesized-stack";
import { shown } from "./format";
import { statementsOf } from "./role-statements";

/** Principals that a statement allows or denies access to a resource. */
interface Grant {
  readonly who: readonly string[];
  readonly statement: Pick<
    PlannedStatement,
    "effect" | "actions" | "notActions" | "resources" | "notResources" | "condition"
  >;
}

/**
 * Markdown tables, one per resource with its own policy: principals that this policy or a function permission names,
 * and roles whose policies name the resource.
 */
export function resourceTables(stack: Stack): string {
  const tables = [...policiesByResource(stack)].map(([resource, own]) =>
    [
      `#### ${resource.address}`,
      "",
      "| principal | actions | resources | condition |",
      "|---|---|---|---|",
      ...[...own, ...roleGrants(stack, resource)].map(rowOf),
      "",
    ].join("\n"),
  );
  return tables.length === 0 ? "" : ["### Resources with their own policies", "", ...tables].join("\n");
}

/** Resource policies, inline or as separate resources, and function permissions. */
function policiesByResource(stack: Stack): Map<Resource, Grant[]> {
  const found = new Map<Resource, Grant[]>();
  const add = (resource: Resource, grants: readonly Grant[]) => {
    if (grants.length > 0) found.set(resource, [...(found.get(resource) ?? []), ...grants]);
  };
  for (const holder of stack.resources) {
    if (holder.type === "aws_lambda_permission") add(...functionGrant(stack, holder));
    else add(ownerOf(stack, holder), policyGrants(holder));
  }
  return new Map([...found].sort(([a], [b]) => (a.address < b.address ? -1 : 1)));
}

function policyGrants(holder: Resource): Grant[] {
  return plannedStatements(holder.at("policy"))
    .filter(({ principals, notPrincipals }) => principals.length + notPrincipals.length > 0)
    .map((statement) => ({
      who: [
        ...statement.principals.map(principalName),
        ...statement.notPrincipals.map((principal) => `anyone except ${principalName(principal)}`),
      ],
      statement,
    }));
}

function functionGrant(stack: Stack, permission: Resource): [Resource, Grant[]] {
  const text = (key: string) => permission.at(key).text;
  const condition = Object.fromEntries(
    Object.entries({
      ArnLike: { "aws:SourceArn": text("source_arn") },
      StringEquals: { "aws:SourceAccount": text("source_account") },
    }).filter(([, keys]) => Object.values(keys).every((value) => value !== "")),
  );
  const statement = {
    effect: "Allow" as const,
    actions: [text("action")],
    notActions: [],
    resources: [addressesIn(text("qualifier"))[0] ?? text("function_name")],
    notResources: [],
    condition: Object.keys(condition).length === 0 ? undefined : condition,
  };
  const owner = stack.functionMeant(text("function_name")) ?? permission;
  return [owner, [{ who: [text("principal")], statement }]];
}

/** The resource that a policy applies to: the policy's target, or the holder itself if the policy is inline. */
function ownerOf(stack: Stack, holder: Resource): Resource {
  if (!holder.type.endsWith("_policy")) return holder;
  const texts = holder.keys.filter((key) => key !== "policy").map((key) => holder.at(key).text);
  return (
    stack.resources.find((other) => other !== holder && texts.some((text) => other.isMeantBy(text))) ?? holder
  );
}

/** Statements of roles' policies that name a resource. */
function roleGrants(stack: Stack, resource: Resource): Grant[] {
  return stack.of("aws_iam_role").flatMap(({ name }) =>
    statementsOf(stack, name).flatMap((statement) => {
      const { actions } = statement;
      const resources = statement.resources.filter((text) => isOf(resource, { text, actions }));
      return resources.length === 0
        ? []
        : [{ who: [`role ${name}`], statement: { ...statement, resources } }];
    }),
  );
}

/** Whether a statement's resource matches a resource, part of it, or all of its service. */
function isOf(
  resource: Resource,
  { text, actions }: { readonly text: string; readonly actions: readonly string[] },
): boolean {
  if (text === "*") return actions.some((action) => isOfService(resource, action.split(":")[0]));
  if (text.includes("${")) return resource.isMeantBy(text);
  return isOfService(resource, text.split(":")[2]) && resource.isMeantBy(text.replace(/[/].*$/, ""));
}

/** Whether a resource belongs to an IAM service prefix: `aws_s3_bucket` belongs to `s3`. */
function isOfService({ type }: Resource, service: string | undefined): boolean {
  return service !== undefined && type.startsWith(`aws_${service}_`);
}

function principalName(principal: string): string {
  return principal === "*" ? "anyone" : principal.replace(/^(AWS|Service|Federated|CanonicalUser):/, "");
}

function rowOf({ who, statement }: Grant): string {
  const { effect, actions, notActions, resources, notResources, condition } = statement;
  const may = [...actions, ...notActions.map((action) => `all except ${action}`)].join("<br>");
  const on = [...resources, ...notResources.map((resource) => `all except ${resource}`)]
    .map(shown)
    .join("<br>");
  const only = condition === undefined ? "" : shown(condition);
  return `| ${who.map(shown).join("<br>")} | ${effect === "Deny" ? "**deny** " : ""}${may} | ${on} | ${only} |`;
}
