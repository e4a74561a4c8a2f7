import { type Condition, conditionFault } from "./conditions";

export type PrincipalType = "AWS" | "Service" | "Federated" | "CanonicalUser";

/** `Service:s3.amazonaws.com`, `AWS:arn:aws:iam::111122223333:root`, `Federated:…`; `*` is everybody. */
export type Principal = "*" | `${PrincipalType}:${string}`;

/** A statement of a policy, each of its elements a list; the list is empty where the statement has no such element. */
export interface Statement {
  /** The policy's name and the statement's place in it: `permissions[2]`. */
  readonly name: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  /** All actions but these. */
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  /** All resources but these. */
  readonly notResources: readonly string[];
  readonly principals: readonly Principal[];
  /** Everybody but these. */
  readonly notPrincipals: readonly Principal[];
  readonly conditions: readonly Condition[];
  /** Whether `${aws:username}` is a variable: in documents of the version 2012-10-17. */
  readonly hasVariables: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const VERSIONS = ["2008-10-17", "2012-10-17"];
const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
const LISTS = ["Action", "NotAction", "Resource", "NotResource"];
const STATEMENT_ELEMENTS = ["Sid", "Effect", ...LISTS, "Principal", "NotPrincipal", "Condition"];
const PRINCIPAL_TYPES = ["AWS", "Service", "Federated", "CanonicalUser"];

/**
 * Reads a policy document, given as an object or as JSON. Throws an error of one line, which begins with the policy's
 * name, when IAM would not take it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(name: string, policy: string | object): Statement[] {
  const document = typeof policy === "string" ? jsonOf(name, policy) : policy;
  if (!isObject(document)) throw new Error(`${name} must be a JSON object`);
  const fault = elementFault(document, DOCUMENT_ELEMENTS) ?? versionFault(document);
  if (fault !== undefined) throw new Error(`${name} ${fault}`);
  listOf(document.Statement).forEach((statement, index) => {
    const found = isObject(statement) ? statementFault(statement) : "must be a JSON object";
    if (found !== undefined) throw new Error(`${name}[${index}] ${found}`);
  });
  return readStatements(document, name);
}

/**
 * Statements of a document that nobody has checked: what is missing, or has another form, is empty. An effect that is
 * not Deny is read as Allow.
 */
export function readStatements(document: unknown, name = "policy"): Statement[] {
  const { Version, Statement } = objectOf(document);
  return listOf(Statement).map((one, index) => {
    const statement = objectOf(one);
    return {
      name: `${name}[${index}]`,
      effect: statement.Effect === "Deny" ? "Deny" : "Allow",
      actions: textsOf(statement.Action),
      notActions: textsOf(statement.NotAction),
      resources: textsOf(statement.Resource),
      notResources: textsOf(statement.NotResource),
      principals: principalsOf(statement.Principal),
      notPrincipals: principalsOf(statement.NotPrincipal),
      conditions: conditionsOf(statement.Condition),
      hasVariables: Version === "2012-10-17",
    };
  });
}

/** Reads a Condition element. */
export function conditionsOf(condition: unknown): Condition[] {
  return Object.entries(objectOf(condition)).flatMap(([operator, keys]) =>
    Object.entries(objectOf(keys)).map(([key, values]) => ({ operator, key, values: textsOf(values) })),
  );
}

/** Whether a principal is everybody, or everybody of a type: `Federated:*`. */
export function isEverybody(principal: string): boolean {
  return principal === "*" || PRINCIPAL_TYPES.some((type) => principal === `${type}:*`);
}

function principalsOf(principal: unknown): Principal[] {
  if (typeof principal === "string") return [principal === "*" ? "*" : `AWS:${principal}`];
  return Object.entries(objectOf(principal)).flatMap(([type, ids]) =>
    textsOf(ids).map((id) => (type === "AWS" && id === "*" ? "*" : (`${type}:${id}` as Principal))),
  );
}

function statementFault(statement: Json): string | undefined {
  const { Effect } = statement;
  if (Effect !== "Allow" && Effect !== "Deny")
    return `must allow or deny, got the effect ${JSON.stringify(Effect)}`;
  return (
    elementFault(statement, STATEMENT_ELEMENTS) ??
    LISTS.map((element) => listFault(statement, element)).find((fault) => fault !== undefined) ??
    choiceFault(statement) ??
    principalFault(statement.Principal ?? statement.NotPrincipal) ??
    conditionElementFault(statement.Condition)
  );
}

function elementFault(object: Json, known: readonly string[]): string | undefined {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  return unknown === undefined ? undefined : `has the unknown element ${unknown}`;
}

function versionFault({ Version, Statement }: Json): string | undefined {
  if (Statement === undefined) return "has no Statement";
  if (Version === undefined || VERSIONS.includes(Version as string)) return undefined;
  return `must have the version ${VERSIONS.join(" or ")}, got ${JSON.stringify(Version)}`;
}

function listFault(statement: Json, element: string): string | undefined {
  const value = statement[element];
  if (value === undefined) return undefined;
  const values = listOf(value);
  return values.length > 0 && values.every((one) => typeof one === "string")
    ? undefined
    : `must have a text or a list of texts as ${element}, got ${JSON.stringify(value)}`;
}

function choiceFault(statement: Json): string | undefined {
  for (const element of ["Action", "Resource", "Principal"]) {
    if (statement[element] !== undefined && statement[`Not${element}`] !== undefined)
      return `must not have both ${element} and Not${element}`;
  }
  const has = (element: string) => (statement[element] ?? statement[`Not${element}`]) !== undefined;
  if (!has("Action")) return "has neither Action nor NotAction";
  // The policy of a resource may leave out which one it is.
  return has("Resource") || has("Principal") ? undefined : "has neither Resource nor NotResource";
}

function principalFault(principal: unknown): string | undefined {
  if (principal === undefined || principal === "*") return undefined;
  const types = Object.keys(objectOf(principal));
  const isRight =
    types.length > 0 &&
    types.every((type) => PRINCIPAL_TYPES.includes(type) && textsOf(objectOf(principal)[type]).length > 0);
  return isRight
    ? undefined
    : `must name principals as "*" or by ${PRINCIPAL_TYPES.join(", ")}, got ${JSON.stringify(principal)}`;
}

function conditionElementFault(condition: unknown): string | undefined {
  if (condition === undefined) return undefined;
  const isRight = isObject(condition) && Object.values(condition).every(isObject);
  if (!isRight) return `must have operators with keys as Condition, got ${JSON.stringify(condition)}`;
  return conditionsOf(condition)
    .map(conditionFault)
    .find((fault) => fault !== undefined);
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${name} is no JSON: ${(error as Error).message.replace(/\s+/g, " ")}`, { cause: error });
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});

const listOf = (value: unknown): unknown[] => (value === undefined || value === null ? [] : [value].flat());

/** Texts; numbers and booleans as texts; what is neither is left out. */
const textsOf = (value: unknown): string[] =>
  listOf(value).flatMap((one) =>
    typeof one === "string" || typeof one === "number" || typeof one === "boolean" ? [String(one)] : [],
  );
