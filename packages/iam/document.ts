import { type Condition, conditionFault } from "./conditions";

export type PrincipalType = "AWS" | "Service" | "Federated" | "CanonicalUser";

/**
 * A principal: `Service:s3.amazonaws.com`, `AWS:arn:aws:iam::111122223333:root`, `Federated:…`, or `*` for everyone.
 */
export type Principal = "*" | `${PrincipalType}:${string}`;

/** A policy statement with each element as a list, empty if the statement lacks it. */
export interface Statement {
  /** Policy name and index of the statement: `permissions[2]`. */
  readonly name: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  /** Excluded actions: the statement applies to all others. */
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  /** Excluded resources: the statement applies to all others. */
  readonly notResources: readonly string[];
  readonly principals: readonly Principal[];
  /** Excluded principals: the statement applies to all others. */
  readonly notPrincipals: readonly Principal[];
  readonly conditions: readonly Condition[];
  /** `${aws:username}` is a variable, as in documents with version 2012-10-17. */
  readonly hasVariables: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const VERSIONS = ["2008-10-17", "2012-10-17"];
const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
const LISTS = ["Action", "NotAction", "Resource", "NotResource"];
const STATEMENT_ELEMENTS = ["Sid", "Effect", ...LISTS, "Principal", "NotPrincipal", "Condition"];
const PRINCIPAL_TYPES = ["AWS", "Service", "Federated", "CanonicalUser"];

/**
 * Parses a policy document, an object or JSON. Throws a one-line error that starts with the policy's name if IAM would
 * reject it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
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
 * Statements of an unchecked document. Missing or malformed elements are empty; effects other than Deny are read as
 * Allow.
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

/** Parses a Condition element. */
export function conditionsOf(condition: unknown): Condition[] {
  return Object.entries(objectOf(condition)).flatMap(([operator, keys]) =>
    Object.entries(objectOf(keys)).map(([key, values]) => ({ operator, key, values: textsOf(values) })),
  );
}

/** Whether a principal is everyone, or everyone of a type: `Federated:*`. */
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
    return `must have the Effect Allow or Deny, got ${JSON.stringify(Effect)}`;
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
  return `must have the Version ${VERSIONS.join(" or ")}, got ${JSON.stringify(Version)}`;
}

function listFault(statement: Json, element: string): string | undefined {
  const value = statement[element];
  if (value === undefined) return undefined;
  const values = listOf(value);
  return values.length > 0 && values.every((one) => typeof one === "string")
    ? undefined
    : `must have a string or a list of strings as ${element}, got ${JSON.stringify(value)}`;
}

function choiceFault(statement: Json): string | undefined {
  for (const element of ["Action", "Resource", "Principal"]) {
    if (statement[element] !== undefined && statement[`Not${element}`] !== undefined)
      return `must not have both ${element} and Not${element}`;
  }
  const has = (element: string) => (statement[element] ?? statement[`Not${element}`]) !== undefined;
  if (!has("Action")) return "has neither Action nor NotAction";
  // Resource policies may omit the resource.
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
    : `must have "*" or ${PRINCIPAL_TYPES.join(", ")} as Principal, got ${JSON.stringify(principal)}`;
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
    throw new Error(`${name} is not JSON: ${(error as Error).message.replace(/\s+/g, " ")}`, {
      cause: error,
    });
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});

const listOf = (value: unknown): unknown[] => (value === undefined || value === null ? [] : [value].flat());

/** Strings of a value or list, with numbers and booleans as strings; others are omitted. */
const textsOf = (value: unknown): string[] =>
  listOf(value).flatMap((one) =>
    typeof one === "string" || typeof one === "number" || typeof one === "boolean" ? [String(one)] : [],
  );
