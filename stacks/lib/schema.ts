import { inspect } from "node:util";
import * as z from "zod";
import { type Duration, seconds } from "./duration";

/** The read-only type of the values that a schema accepts. Optional settings are absent, never `undefined`. */
export type Settings<Schema extends z.ZodType> = ReadOnly<z.infer<Schema>>;

type ReadOnly<Value> = Value extends object
  ? { readonly [Key in keyof Value]: ReadOnly<Exclude<Value[Key], undefined>> }
  : Value;

/** Text of a message: `allowed` follows "must be", `why` gives the reason. */
export interface Expected {
  readonly allowed: string;
  readonly why?: string | ((value: unknown) => string | undefined) | undefined;
  /** Formats a wrong value that must not appear in messages, such as a key. */
  readonly got?: (value: unknown) => string;
}

interface Limits {
  /** Inclusive. */
  readonly least: number;
  /**
   * Inclusive.
   * @default no limit
   */
  readonly most?: number;
  readonly unit?: string;
  readonly why?: string;
}

/** Description of the allowed values by schema, for messages and docs/settings.md. */
export const allowedBy = z.registry<{ readonly allowed: string }>();

const MAX_SHOWN_CHARACTERS = 120;

/** A value as one line of a message, cut at MAX_SHOWN_CHARACTERS. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = asJson(value) ?? inspect(value, { breakLength: Infinity, compact: true, depth: 2 });
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

/** The value as JSON; undefined if JSON can't represent it. */
function asJson(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The message about a value that is not `allowed`; it follows the setting's path. */
export function problem(value: unknown, { allowed, why, got = shown }: Expected): string {
  const reason = typeof why === "function" ? why(value) : why;
  return `must be ${allowed}, got ${got(value)}${reason === undefined ? "" : `: ${reason}`}`;
}

/** The error message of a schema, whichever check fails. */
export function expecting(expected: Expected) {
  return { error: ({ input }: { readonly input?: unknown }) => problem(input, expected) };
}

function described<Schema extends z.ZodType>(schema: Schema, allowed: string): Schema {
  allowedBy.add(schema, { allowed });
  return schema;
}

const among = (values: readonly unknown[]): string => `one of ${values.map(shown).join(", ")}`;

const unitOf = ({ unit }: Pick<Limits, "unit">): string => (unit === undefined ? "" : ` ${unit}`);

/** A whole number from `least` to `most`. */
export function wholeNumber(limits: Limits) {
  const { least, most = Number.MAX_SAFE_INTEGER, why } = limits;
  const range = limits.most === undefined ? `above ${least - 1}` : `from ${least} to ${most}`;
  const allowed = `a whole number ${range}${unitOf(limits)}`;
  const expected = expecting({ allowed, why });
  return described(z.int(expected).min(least, expected).max(most, expected), allowed);
}

/** A number from `least` to `most`, or to below `below`. */
export function decimal({ below = Infinity, ...limits }: Limits & { readonly below?: number }) {
  const { least, most = Infinity, why } = limits;
  const to = below < Infinity ? `below ${below}` : String(most);
  const allowed = `a number from ${least} to ${to}${unitOf(limits)}`;
  const expected = expecting({ allowed, why });
  return described(z.number(expected).min(least, expected).max(most, expected).lt(below, expected), allowed);
}

/** A string that matches `pattern`; `allowed` describes the pattern with an example. */
export function text({ pattern, ...expected }: Expected & { readonly pattern: RegExp }) {
  return described(z.string(expecting(expected)).regex(pattern, expecting(expected)), expected.allowed);
}

/** A string for which `is` returns true. */
export function textThat(is: (value: string) => boolean, expected: Expected) {
  return described(z.string(expecting(expected)).refine(is, expecting(expected)), expected.allowed);
}

/** One of the given values. */
export function oneOf<const Value extends string | number>(values: readonly Value[], expected?: Expected) {
  const allowed = expected?.allowed ?? among(values);
  return described(z.literal([...values], expecting({ allowed, why: expected?.why })), allowed);
}

/** A public host name. */
export function hostName(example: string) {
  return text({
    pattern: /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    allowed: `a host name such as "${example}"`,
  });
}

export function trueOrFalse() {
  const allowed = "true or false";
  return described(z.boolean(expecting({ allowed })), allowed);
}

/** A duration of whole seconds from `least` to `most`. */
export function duration({ least, most, why }: { least: Duration; most: Duration; why?: string }) {
  const allowed = `a duration from "${least}" to "${most}"`;
  const expected = expecting({ allowed, why });
  const words = z.enum(["second", "seconds", "minute", "minutes", "hour", "hours", "day", "days"]);
  const isWithin = (value: Duration): boolean => {
    const length = seconds(value);
    return Number.isInteger(length) && length >= seconds(least) && length <= seconds(most);
  };
  const schema = z.templateLiteral([z.number(), " ", words], expected).refine(isWithin, expected);
  return described(schema, allowed);
}

interface ListRules {
  readonly least?: number;
  readonly most?: number;
  /** Noun for the items, in the plural. */
  readonly items: string;
  readonly why?: string;
}

function countOf({ least, most }: { readonly least: number; readonly most: number | undefined }): string {
  if (most === undefined) return least === 0 ? "" : `, at least ${least}`;
  return least === 0 ? `, at most ${most}` : `, from ${least} to ${most}`;
}

/** A list of `least` to `most` different items. */
export function list<Item extends z.ZodType>(item: Item, { least = 0, most, items, why }: ListRules) {
  const allowed = `a list of ${items}${countOf({ least, most })}`;
  const expected = expecting({ allowed, why });
  const schema = z
    .array(item, expected)
    .min(least, expected)
    .max(most ?? Infinity, expected)
    .superRefine(
      (values, context) => {
        values.forEach((value, index) => {
          if (values.indexOf(value) === index) return;
          context.addIssue({
            code: "custom",
            path: [index],
            message: problem(value, { allowed: "listed once" }),
          });
        });
      },
      { when: ({ value }) => Array.isArray(value) },
    );
  return described(schema, allowed);
}

interface MapRules<Value> extends ListRules {
  readonly name: z.ZodType<string, string>;
  readonly value: Value;
}

/** A map of names to values of one schema. */
export function named<Value extends z.ZodType>({
  name,
  value,
  least = 0,
  most,
  items,
  why,
}: MapRules<Value>) {
  const allowed = `${items} by name${countOf({ least, most })}`;
  const isCounted = (values: object): boolean => {
    const count = Object.keys(values).length;
    return count >= least && count <= (most ?? Infinity);
  };
  const expected = expecting({ allowed, why });
  return described(z.record(name, value, expected).refine(isCounted, expected), allowed);
}

/** An object with exactly these settings. */
export function group<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape).join(", ");
  const allowed = `{ ${names} }`;
  const error = ({ code, input }: { readonly code?: string; readonly input?: unknown }) =>
    code === "unrecognized_keys" ? `is not a setting; allowed here: ${names}` : problem(input, { allowed });
  return described(z.strictObject(shape, { error }), allowed);
}

type Kind = z.ZodObject<{ kind: z.ZodLiteral<string> }, z.core.$strict>;

/** One of several groups, selected by the text in `kind`. */
export function oneOfKinds<const Groups extends readonly [Kind, ...Kind[]]>(groups: Groups) {
  const kinds = among(groups.map(({ shape }) => shape.kind.value));
  const allowed = groups.map((one) => allowedBy.get(one)?.allowed).join(" or ");
  const error = ({ code, input }: { readonly code?: string; readonly input?: unknown }) =>
    code === "invalid_union"
      ? problem((input as { readonly kind?: unknown }).kind, { allowed: kinds })
      : problem(input, { allowed });
  return described(z.discriminatedUnion("kind", groups, { error }), allowed);
}

const OFF = 'the reason, as in { off: "the reason" }';

/** A setting, or `{ off: "the reason" }` without it. */
export function unlessOff<Schema extends z.ZodType>(schema: Schema) {
  const allowed = `${allowedBy.get(schema)?.allowed ?? "true"} or { off: "the reason" }`;
  const reason = group({
    /** Why it is off. */
    off: text({ pattern: /\S/, allowed: OFF }),
  });
  return described(z.union([schema, reason], expecting({ allowed })), allowed);
}

/** `true`, or `{ off: "the reason" }`. */
export function onOrReason() {
  return unlessOff(described(z.literal(true), "true"));
}

type Path = readonly PropertyKey[];

/** Reports that the value at a path below the group is wrong. */
type Reject = (path: string | Path, value: unknown, expected: Expected) => void;

/** Sentences of the rules between settings, by check, for docs/settings.md. */
const ruleSentences = new WeakMap<object, string>();

/**
 * A rule between settings. It runs when all paths that it reads, such as `network.zones`, are valid, even if others are
 * not. The sentence states the rule for docs/settings.md.
 *
 *     group({ least: …, most: … }).check(
 *       rule(["least", "most"], "`least` is at most `most`.", ({ least, most }, reject) => {
 *         if (least > most) reject("least", least, { allowed: `at most ${most}` });
 *       }),
 *     );
 */
export function rule<Value>(
  reads: readonly string[],
  sentence: string,
  find: (settings: Value, reject: Reject) => void,
): z.core.$ZodCheck<Value> {
  const check = z.superRefine<Value>(
    (settings, context) =>
      find(settings, (path, value, expected) =>
        context.addIssue({
          code: "custom",
          path: typeof path === "string" ? path.split(".") : [...path],
          message: problem(value, expected),
        }),
      ),
    { when: ({ issues }) => reads.every((path) => isRight(issues, path.split("."))) },
  );
  ruleSentences.set(check, sentence);
  return check;
}

/** Sentences of the rules between the settings of one schema, without those of its parts. */
export function rulesOf(schema: z.ZodType): string[] {
  return (schema.def.checks ?? []).flatMap((check) => ruleSentences.get(check) ?? []);
}

/** Fields of a zod issue, both while zod collects issues and afterwards. */
interface AnyIssue {
  readonly code?: string | undefined;
  readonly path?: Path | undefined;
}

/** Whether no issue concerns a path, its parents or its children. Unknown settings next to it don't count. */
export function isRight(issues: readonly AnyIssue[], path: Path): boolean {
  return issues.every((issue) => {
    if (issue.code === "unrecognized_keys") return true;
    const length = Math.min(issue.path?.length ?? 0, path.length);
    return path.slice(0, length).some((key, index) => issue.path?.[index] !== key);
  });
}

/** A mistake: the path of a value and the message about it. */
interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** All mistakes in a value, at most one per path. */
export function problemsOf(schema: z.ZodType, value: unknown): Problem[] {
  const { error } = schema.safeParse(value, { reportInput: true, jitless: true });
  const problems = (error?.issues ?? []).flatMap((issue) => flatten(issue, []));
  return problems.filter(({ path }, index) => {
    const key = pathText(path);
    return problems.findIndex((other) => pathText(other.path) === key) === index;
  });
}

/** Invalid settings; `problems` has one line per mistake. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
  }
}

/** Throws a `SettingsError` with one line per mistake in a value whose paths start with `root`. */
export function checkSettings(schema: z.ZodType, value: unknown, root: string): void {
  const lines = problemsOf(schema, value).map(({ path, message }) => `${pathText(path, root)} ${message}`);
  if (lines.length > 0) throw new SettingsError(lines);
}

function flatten(issue: z.core.$ZodIssue, above: Path): Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], message: issue.message }));
  }
  if (issue.code === "invalid_union" && isObject(issue.input) && Object.keys(issue.input).length > 0) {
    // the two schemas of unlessOff
    const branch = issue.errors["off" in issue.input ? 1 : 0] ?? [];
    const whole = branch.some(({ code, path }) => code !== "unrecognized_keys" && path.length === 0);
    if (branch.length > 0 && !whole) return branch.flatMap((one) => flatten(one, path));
  }
  const [inner] = issue.code === "invalid_key" ? issue.issues : [];
  return [{ path, message: (inner ?? issue).message }];
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** A path as text, below `root` if given: `network.zones[1]`, `playbackKeys["a.b"]`. */
export function pathText(path: Path, root = ""): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (!/^[\w-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, root);
}
