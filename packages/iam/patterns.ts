/** The value of a context key that a policy variable names; undefined where the request has none. */
export type Variables = (key: string) => string | undefined;

/** A part of a pattern: a text that stands for itself, or one of the wildcards `*` and `?`. */
interface Part {
  readonly text: string;
  readonly isWildcard: boolean;
}

const TOKENS = /\$\{([^}]*)\}|[*?]|[^*?$]+|\$/g;

/** `aws:username`, or `aws:PrincipalTag/team, 'nobody'` with a default. */
const VARIABLE = /^([^,]+)(?:, '(.*)')?$/s;

/** Colons of an ARN that separate its segments; those of its resource are part of the name. */
const ARN_COLONS = 5;

/**
 * Whether a text is equal to a value of a policy in which variables are filled in and wildcards mean themselves.
 * A value whose variable has neither a value nor a default equals nothing.
 */
export function equalsText(value: string, text: string, variables?: Variables): boolean {
  return literalOf(value, variables) === text;
}

/** The same, with upper and lower case the same. */
export function equalsTextIgnoringCase(value: string, text: string, variables?: Variables): boolean {
  return literalOf(value, variables)?.toLowerCase() === text.toLowerCase();
}

function literalOf(value: string, variables?: Variables): string | undefined {
  return partsOf(value, variables)
    ?.map((part) => part.text)
    .join("");
}

/** Whether a pattern covers a text: `*` is any text, `?` is one character. */
export function matchesText(pattern: string, text: string, variables?: Variables): boolean {
  return test(partsOf(pattern, variables), text, () => ".");
}

/** Whether a pattern such as `s3:Get*` covers an action. Upper and lower case are the same. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesText(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * Whether the pattern of a Resource element covers an ARN. A wildcard stays within its segment, but an asterisk at the
 * end of one may cover colons too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesResource(pattern: string, arn: string, variables?: Variables): boolean {
  return test(partsOf(pattern, variables), arn, ({ part, next, colons }) => {
    const endsSegment = part.text === "*" && (next === undefined || next.text.startsWith(":"));
    return colons >= ARN_COLONS || endsSegment ? "." : "[^:]";
  });
}

/**
 * Whether a pattern of an Arn operator covers an ARN: each of the six segments by itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function matchesArn(pattern: string, arn: string, variables?: Variables): boolean {
  if (pattern === "*") return true;
  return test(partsOf(pattern, variables), arn, ({ colons }) => (colons >= ARN_COLONS ? "." : "[^:]"));
}

/**
 * Undefined where a variable has neither a value nor a default. Without `variables`, as in documents of the version
 * 2008-10-17, `${…}` stands for itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function partsOf(pattern: string, variables?: Variables): Part[] | undefined {
  const parts: Part[] = [];
  for (const [token, variable] of pattern.matchAll(TOKENS)) {
    if (variable === undefined || variables === undefined) {
      parts.push({ text: token, isWildcard: token === "*" || token === "?" });
      continue;
    }
    const value = ["*", "?", "$"].includes(variable) ? variable : valueOf(variable, variables);
    if (value === undefined) return undefined;
    parts.push({ text: value, isWildcard: false });
  }
  return parts;
}

function valueOf(variable: string, variables: Variables): string | undefined {
  const match = VARIABLE.exec(variable);
  return match?.[1] === undefined ? undefined : (variables(match[1]) ?? match[2]);
}

interface Place {
  readonly part: Part;
  readonly next: Part | undefined;
  /** Colons before the part. */
  readonly colons: number;
}

/** `one` gives the expression of one character for which a wildcard may stand. */
function test(parts: readonly Part[] | undefined, text: string, one: (place: Place) => string): boolean {
  if (parts === undefined) return false;
  let colons = 0;
  const expressions = parts.map((part, index) => {
    if (part.isWildcard)
      return one({ part, next: parts[index + 1], colons }) + (part.text === "*" ? "*" : "");
    colons += part.text.split(":").length - 1;
    return part.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${expressions.join("")}$`, "s").test(text);
}
