import { resolve } from "node:path";
import { Refusal } from "./refusal";

/** An invalid command line. The message has the option or argument, its value and what is allowed. Exit code 2. */
export class UsageError extends Refusal {}

/** Allowed texts of an option or positional, and how they are parsed. */
export interface ValueType<Value> {
  /** Placeholder of the value in the usage: `FOLDER`. */
  readonly placeholder: string;
  /** Completes "must be …": `one of dev, prod`, `from 1 to 60`. */
  readonly allowed: string;
  /** All allowed texts, if they can be listed. */
  readonly choices?: readonly string[];
  /** Parses the text; undefined if it is not allowed. May throw a UsageError with details. */
  readonly read: (text: string) => Value | undefined;
}

/** Any non-empty text. `allowed` completes "must be …". */
export function text(placeholder: string, allowed = "a non-empty text"): ValueType<string> {
  return { placeholder, allowed, read: (value) => value || undefined };
}

/** A path, resolved against the working directory. */
export function path(placeholder: string): ValueType<string> {
  return {
    placeholder,
    allowed: "a path",
    read: (value) => (value === "" ? undefined : resolve(value)),
  };
}

/** One of the given texts. */
export function choice<const Choice extends string>(
  placeholder: string,
  choices: readonly Choice[],
): ValueType<Choice> {
  return {
    placeholder,
    allowed: `one of ${choices.join(", ")}`,
    choices,
    read: (value) => choices.find((one) => one === value),
  };
}

/** A whole number in decimal digits. */
export function integer(
  placeholder: string,
  { min, max }: { readonly min: number; readonly max: number },
): ValueType<number> {
  return {
    placeholder,
    allowed: `from ${min} to ${max}`,
    read: (value) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** A text that matches the whole pattern. `allowed` completes "must be …". */
export function matching(placeholder: string, pattern: RegExp, allowed: string): ValueType<string> {
  return { placeholder, allowed, read: (value) => (pattern.test(value) ? value : undefined) };
}

/** An option such as `--dry-run` or `--out FOLDER`; `Value` is its type in `run`. */
export interface Option<Value> {
  readonly summary: string;
  /** Undefined for a flag; a given flag is true. */
  readonly type: ValueType<unknown> | undefined;
  readonly required: boolean;
  /** Default value in the usage text. */
  readonly default: string | undefined;
  /** The value when the option is not given. */
  readonly initial: Value;
}

/** A positional such as `ENVIRONMENT`; `Value` is its type in `run`. */
export interface Positional<Value> {
  readonly summary: string;
  readonly type: ValueType<unknown>;
  /** Minimum number of values. */
  readonly min: 0 | 1;
  readonly max: number;
  readonly default: string | undefined;
  readonly initial: Value;
}

export function flag(summary: string): Option<boolean> {
  return { summary, type: undefined, required: false, default: undefined, initial: false };
}

/** An option with a value; undefined if not given and without a default. */
export function option<Value>(
  type: ValueType<Value>,
  summary: string,
  more: { readonly default: string },
): Option<Value>;
export function option<Value>(type: ValueType<Value>, summary: string): Option<Value | undefined>;
export function option<Value>(
  type: ValueType<Value>,
  summary: string,
  more?: { readonly default: string },
): Option<Value | undefined> {
  const initial = more && type.read(more.default);
  return { summary, type, required: false, default: more?.default, initial };
}

export function requiredOption<Value>(type: ValueType<Value>, summary: string): Option<Value> {
  // never read: a command line without the option is rejected
  return { summary, type, required: true, default: undefined, initial: undefined as Value };
}

export function positional<Value>(type: ValueType<Value>, summary: string): Positional<Value> {
  return { summary, type, min: 1, max: 1, default: undefined, initial: undefined as Value };
}

/** An optional positional; undefined if not given and without a default. */
export function optionalPositional<Value>(
  type: ValueType<Value>,
  summary: string,
  more: { readonly default: string },
): Positional<Value>;
export function optionalPositional<Value>(
  type: ValueType<Value>,
  summary: string,
): Positional<Value | undefined>;
export function optionalPositional<Value>(
  type: ValueType<Value>,
  summary: string,
  more?: { readonly default: string },
): Positional<Value | undefined> {
  const initial = more && type.read(more.default);
  return { summary, type, min: 0, max: 1, default: more?.default, initial };
}

/** All remaining positionals as a list. */
export function positionals<Value>(
  type: ValueType<Value>,
  summary: string,
  { min, max = Infinity }: { readonly min: 0 | 1; readonly max?: number },
): Positional<readonly Value[]> {
  return { summary, type, min, max, default: undefined, initial: [] };
}
