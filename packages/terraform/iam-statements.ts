import type { Resource } from "./synthesized-stack";
import type { Value } from "./value";

/** A statement of a policy document, each of its parts a list. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  /** `NotAction`: all but these. */
  readonly notActions: readonly string[];
  /** Set by `NotAction` or `NotResource`: all but these. */
  readonly excepts: boolean;
  readonly resources: readonly string[];
  /** `NotResource`: all but these. */
  readonly notResources: readonly string[];
  /** `Service:s3.amazonaws.com`, `Federated:…`, `AWS:…`; `*` is anybody. */
  readonly principals: readonly string[];
  /** `NotPrincipal`: anybody but these. */
  readonly notPrincipals: readonly string[];
  readonly condition: Value;
}

export function statementsOf(policy: Value): Statement[] {
  return policy.json.at("Statement").list.map((statement) => ({
    effect: statement.at("Effect").text,
    actions: statement.at("Action").texts,
    notActions: statement.at("NotAction").texts,
    excepts: statement.at("NotAction").exists || statement.at("NotResource").exists,
    resources: statement.at("Resource").texts,
    notResources: statement.at("NotResource").texts,
    principals: principalsOf(statement.at("Principal")),
    notPrincipals: principalsOf(statement.at("NotPrincipal")),
    condition: statement.at("Condition"),
  }));
}

/**
 * Whether a policy denies an action on a resource, and on what is in it when `objects` is set, to everybody who
 * comes without TLS, and on no other condition.
 */
export function refusesPlainHttp(policy: Value, action: string, of: Resource, objects = false): boolean {
  return statementsOf(policy).some(
    ({ effect, principals, actions, resources, condition }) =>
      effect === "Deny" &&
      principals.includes("*") &&
      actions.includes(action) &&
      resources.some((arn) => !arn.endsWith("/*") && of.isMeantBy(arn)) &&
      (!objects || resources.some((arn) => arn.endsWith("/*") && of.isMeantBy(arn.slice(0, -2)))) &&
      isWithoutTls(condition),
  );
}

function isWithoutTls(condition: Value): boolean {
  const [operator, ...operators] = condition.keys;
  const [key, ...keys] = condition.at("Bool").keys;
  return (
    operator === "Bool" &&
    key?.toLowerCase() === "aws:securetransport" &&
    operators.length + keys.length === 0 &&
    condition
      .at("Bool")
      .at(key)
      .list.every(({ raw }) => raw === false || raw === "false")
  );
}

function principalsOf(principal: Value): string[] {
  if (principal.text !== "") return [principal.text];
  return principal.keys.flatMap((kind) =>
    // Keys such as `AWS` hold no dots.
    principal.at(kind).texts.map((who) => (who === "*" ? "*" : `${kind}:${who}`)),
  );
}
