import { Value } from "@packages/terraform/value";

/** A statement of an identity policy or a boundary. */
export interface Statement {
  /** The policy's name and the statement's place in it: `permissions[2]`. */
  readonly name: string;
  readonly effect: "Allow" | "Deny";
  /** Patterns; with `except`, all actions but these are meant. */
  readonly actions: { readonly patterns: readonly string[]; readonly except: boolean };
  readonly resources: { readonly patterns: readonly string[]; readonly except: boolean };
  readonly condition: Value;
}

/** Reads a policy's JSON. Throws when a statement is one that IAM would not take. */
export function statementsOf(policy: string, json: string): Statement[] {
  return new Value(json).json.at("Statement").list.map((statement, index) => {
    const name = `${policy}[${index}]`;
    const effect = statement.at("Effect").text;
    if (effect !== "Allow" && effect !== "Deny")
      throw new Error(`${name} must allow or deny, got the effect "${effect}"`);
    return {
      name,
      effect,
      actions: patterns(statement, "Action"),
      resources: patterns(statement, "Resource"),
      condition: statement.at("Condition"),
    };
  });
}

function patterns(statement: Value, element: string): Statement["actions"] {
  const except = statement.at(`Not${element}`).exists;
  return { patterns: statement.at(except ? `Not${element}` : element).texts, except };
}
