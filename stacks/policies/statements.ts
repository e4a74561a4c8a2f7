import type { Value } from "./value";

/** A statement of a policy document, each of its parts a list. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  /** Set by `NotAction` or `NotResource`: all but these. */
  readonly excepts: boolean;
  readonly resources: readonly string[];
  /** `Service:s3.amazonaws.com`, `Federated:…`, `AWS:…`; `*` is anybody. */
  readonly principals: readonly string[];
  readonly condition: Value;
}

export function statementsOf(policy: Value): Statement[] {
  return policy.json.at("Statement").list.map((statement) => ({
    effect: statement.at("Effect").text,
    actions: statement.at("Action").texts,
    excepts: statement.at("NotAction").exists || statement.at("NotResource").exists,
    resources: statement.at("Resource").texts,
    principals: principalsOf(statement.at("Principal")),
    condition: statement.at("Condition"),
  }));
}

/** Whether a policy denies an action to everybody who comes without TLS. */
export function refusesPlainHttp(policy: Value, action: string, resources: number): boolean {
  return statementsOf(policy).some(
    (statement) =>
      statement.effect === "Deny" &&
      statement.principals.includes("*") &&
      statement.actions.includes(action) &&
      statement.resources.length >= resources &&
      statement.condition.at("Bool").keys.some((key) => key.toLowerCase() === "aws:securetransport") &&
      Object.values(statement.condition.at("Bool").raw as object)
        .flat()
        .map(String)
        .includes("false"),
  );
}

function principalsOf(principal: Value): string[] {
  if (principal.text !== "") return [principal.text];
  return principal.keys.flatMap((kind) =>
    // Keys such as `AWS` hold no dots.
    principal.at(kind).texts.map((who) => (who === "*" ? "*" : `${kind}:${who}`)),
  );
}
