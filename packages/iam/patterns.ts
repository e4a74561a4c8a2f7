/** Looks up the value of a policy variable's context key; undefined if the request has none. */
export type Variables = (key: string) => string | undefined;

/** A part of a pattern: literal text, or a wildcard `*` or `?`. */
interface Part {
  readonly text: string;
  readonly isWildcard: boolean;
}

const TOKENS = /\$\{([^}]*)\}|[*?]|[^*?$]+|\$/g;

/** Content of a variable: `aws:username`, or `aws:PrincipalTag/team, 'nobody'` with a default. */
const VARIABLE = /^([^,]+)(?:, '(.*)')?$/s;

/** Number of colons between an ARN's segments; later colons belong to the resource. */
const ARN_COLONS = 5;

/**
 * Whether a text equals a policy value with variables filled in; wildcards are literal. False if a variable has neither
 * a value nor a default.
 */
export function equalsText(value: string, text: string, variables?: Variables): boolean {
  return literalOf(value, variables) === text;
}

/** Like `equalsText`, but case-insensitive. */
export function equalsTextIgnoringCase(value: string, text: string, variables?: Variables): boolean {
  return literalOf(value, variables)?.toLowerCase() === text.toLowerCase();
}

function literalOf(value: string, variables?: Variables): string | undefined {
  return partsOf(value, variables)
    ?.map((part) => part.text)
    .join("");
}

/** Whether a pattern matches a text: `*` is any text, `?` is one character. */
export function matchesText(pattern: string, text: string, variables?: Variables): boolean {
  return test(partsOf(pattern, variables), text, () => ".");
}

/** Whether a pattern such as `s3:Get*` matches an action, case-insensitive. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesText(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * Whether a Resource element's pattern matches an ARN. Wildcards stay within their segment, but an asterisk at the end
 * of a segment may match colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesResource(pattern: string, arn: string, variables?: Variables): boolean {
  return test(partsOf(pattern, variables), arn, ({ part, next, colons }) => {
    const endsSegment = part.text === "*" && (next === undefined || next.text.startsWith(":"));
    return colons >= ARN_COLONS || endsSegment ? "." : "[^:]";
  });
}

/**
 * Whether an Arn operator's pattern matches an ARN, segment by segment.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function matchesArn(pattern: string, arn: string, variables?: Variables): boolean {
  if (pattern === "*") return true;
  return test(partsOf(pattern, variables), arn, ({ colons }) => (colons >= ARN_COLONS ? "." : "[^:]"));
}

/**
 * Parses a pattern; undefined if a variable has neither a value nor a default. Without `variables`, as in documents
 * with version 2008-10-17, `${…}` is literal.
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
  /** Number of colons before the part. */
  readonly colons: number;
}

/** Tests a text; `one` returns the regular expression of one character that a wildcard can match. */
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
