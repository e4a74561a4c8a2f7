import { BlockList, isIP, isIPv6 } from "node:net";
import { equalsText, equalsTextIgnoringCase, matchesArn, matchesText, type Variables } from "./patterns";

/** One key of a Condition element with one operator. */
export interface Condition {
  /** Operator as written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  readonly key: string;
  /** One match is enough; with a negated operator, no value may match. */
  readonly values: readonly string[];
}

/** Condition keys of a request, case-insensitive, with their values: `{ "s3:prefix": "stream/" }`. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

type Comparison = (wanted: string, found: string, variables?: Variables) => boolean;

const numeric =
  (compare: (found: number, wanted: number) => boolean): Comparison =>
  (wanted, found) =>
    compare(Number(found), Number(wanted));

const date =
  (compare: (found: number, wanted: number) => boolean): Comparison =>
  (wanted, found) =>
    compare(timeOf(found), timeOf(wanted));

/** Comparisons by operator name in lower case. */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  stringequals: equalsText,
  stringequalsignorecase: equalsTextIgnoringCase,
  stringlike: matchesText,
  numericequals: numeric((found, wanted) => found === wanted),
  numericlessthan: numeric((found, wanted) => found < wanted),
  numericlessthanequals: numeric((found, wanted) => found <= wanted),
  numericgreaterthan: numeric((found, wanted) => found > wanted),
  numericgreaterthanequals: numeric((found, wanted) => found >= wanted),
  dateequals: date((found, wanted) => found === wanted),
  datelessthan: date((found, wanted) => found < wanted),
  datelessthanequals: date((found, wanted) => found <= wanted),
  dategreaterthan: date((found, wanted) => found > wanted),
  dategreaterthanequals: date((found, wanted) => found >= wanted),
  bool: equalsTextIgnoringCase,
  binaryequals: (wanted, found) => Buffer.from(wanted, "base64").equals(Buffer.from(found, "base64")),
  ipaddress: isInRange,
  arnequals: matchesArn,
  arnlike: matchesArn,
};

/** Negated operators with the operator they negate. */
const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: "stringequals",
  stringnotequalsignorecase: "stringequalsignorecase",
  stringnotlike: "stringlike",
  numericnotequals: "numericequals",
  datenotequals: "dateequals",
  notipaddress: "ipaddress",
  arnnotequals: "arnequals",
  arnnotlike: "arnlike",
};

/** Prefixes of operators for keys with several values: `ForAllValues:StringLike`. */
const SETS = ["forallvalues", "foranyvalue"] as const;

interface Operator {
  readonly set: (typeof SETS)[number] | undefined;
  readonly isNegated: boolean;
  readonly ifExists: boolean;
  readonly compare: Comparison;
}

/**
 * Whether all conditions of a statement are met. `variables` is undefined if the document has no policy variables.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function areMet(conditions: readonly Condition[], context: Context, variables?: Variables): boolean {
  return conditions.every((condition) => isMet(condition, valuesIn(context, condition.key), variables));
}

/** Values of a context key, case-insensitive; empty if the request has none. */
export function valuesIn(context: Context, key: string): readonly string[] {
  const name = key.toLowerCase();
  return Object.entries(context).flatMap(([other, values]) => (other.toLowerCase() === name ? values : []));
}

/** A one-line error of a condition; undefined if IAM accepts it. */
export function conditionFault({ operator, key, values }: Condition): string | undefined {
  if (!isNull(operator) && operatorOf(operator) === undefined)
    return `unknown condition operator ${operator}`;
  const isRight = VALUE_CHECKS.find(([names]) => names.test(operator))?.[1];
  const wrong = values.find((value) => isRight?.(value) === false);
  return wrong === undefined ? undefined : `${operator} can't compare ${key} with "${wrong}"`;
}

const isTruth = (value: string): boolean => /^(true|false)$/i.test(value);

/** Operators with a value format, for values without policy variables. */
const VALUE_CHECKS: readonly (readonly [operator: RegExp, isRight: (value: string) => boolean])[] = [
  [/numeric/i, (value) => value.trim() !== "" && !Number.isNaN(Number(value))],
  [/date/i, (value) => !Number.isNaN(timeOf(value))],
  [/ipaddress/i, (value) => rangeOf(value) !== undefined],
  [/null/i, isTruth],
  [/bool/i, (value) => isTruth(value) || value.includes("${")],
];

function isMet({ operator, values }: Condition, found: readonly string[], variables?: Variables): boolean {
  if (isNull(operator)) return values.some((value) => value.toLowerCase() === String(found.length === 0));
  const parsed = operatorOf(operator);
  if (parsed === undefined) throw new Error(`unknown condition operator ${operator}`);
  const { set, isNegated, ifExists, compare } = parsed;
  if (found.length === 0) return ifExists || set === "forallvalues" || (isNegated && set === undefined);
  const matches = (one: string) => values.some((value) => compare(value, one, variables)) !== isNegated;
  return set === "forallvalues" || (isNegated && set === undefined)
    ? found.every(matches)
    : found.some(matches);
}

/** Whether an operator tests that a key exists. It allows neither a set prefix nor `IfExists`. */
const isNull = (operator: string): boolean => operator.toLowerCase() === "null";

/**
 * Parses an operator with its set prefix; undefined if unknown.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function operatorOf(text: string): Operator | undefined {
  const lower = text.toLowerCase();
  const set = SETS.find((one) => lower.startsWith(`${one}:`));
  const whole = set === undefined ? lower : lower.slice(set.length + 1);
  const name = whole.replace(/ifexists$/, "");
  const positive = NEGATED[name];
  const compare = COMPARISONS[positive ?? name];
  if (compare === undefined) return undefined;
  return {
    set,
    isNegated: positive !== undefined,
    ifExists: name !== whole,
    compare,
  };
}

/** Milliseconds of a W3C date (https://www.w3.org/TR/NOTE-datetime) or of seconds since 1970; NaN for other text. */
function timeOf(text: string): number {
  if (/^\d{5,}$/.test(text)) return Number(text) * 1_000;
  const isIso = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(text);
  return isIso ? Date.parse(text) : NaN;
}

function isInRange(range: string, address: string): boolean {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  return rangeOf(range)?.check(address, family) === true;
}

/** Addresses of a CIDR range or single address; undefined for other text. */
function rangeOf(text: string): BlockList | undefined {
  const address = text.replace(/\/\d{1,3}$/, "");
  const longest = isIPv6(address) ? 128 : 32;
  const prefix = address === text ? longest : Number(text.slice(address.length + 1));
  if (isIP(address) === 0 || prefix > longest) return undefined;
  const range = new BlockList();
  range.addSubnet(address, prefix, longest === 128 ? "ipv6" : "ipv4");
  return range;
}
