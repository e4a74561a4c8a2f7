import { resolve } from "node:path";
import { Refusal } from "./refusal";

/** A command line that can't be run: the message names the option or argument, its value and what is allowed. Exit code 2. */
export class UsageError extends Refusal {}

/** What the text of an option or a positional may be, and what it is read as. */
export interface ValueType<Value> {
  /** Stands for the value in the usage: `FOLDER`. */
  readonly placeholder: string;
  /** Completes "must be …": `one of dev, prod`, `from 1 to 60`. */
  readonly allowed: string;
  /** Every text that is allowed, where they can be listed. */
  readonly choices?: readonly string[];
  /** Undefined for a text that is not allowed. May throw a UsageError that says more. */
  readonly read: (text: string) => Value | undefined;
}

/** Any text but the empty one. `allowed` completes "must be …". */
export function text(placeholder: string, allowed = "a text that is not empty"): ValueType<string> {
  return { placeholder, allowed, read: (value) => value || undefined };
}

/** A path, which is resolved against the working directory. */
export function path(placeholder: string): ValueType<string> {
  return {
    placeholder,
    allowed: "a path",
    read: (value) => (value === "" ? undefined : resolve(value)),
  };
}

/** One of the texts. */
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

/** A text of which the whole matches. `allowed` completes "must be …". */
export function matching(placeholder: string, pattern: RegExp, allowed: string): ValueType<string> {
  return { placeholder, allowed, read: (value) => (pattern.test(value) ? value : undefined) };
}

/** An option: `--dry-run`, `--out FOLDER`. `Value` is what `run` gets. */
export interface Option<Value> {
  readonly summary: string;
  /** Undefined for a flag, which is true when it is given. */
  readonly type: ValueType<unknown> | undefined;
  readonly required: boolean;
  /** What the usage shows of the default. */
  readonly default: string | undefined;
  /** The value when the option is not given. */
  readonly initial: Value;
}

/** A positional: `ENVIRONMENT`. `Value` is what `run` gets. */
export interface Positional<Value> {
  readonly summary: string;
  readonly type: ValueType<unknown>;
  /** How many there must be. */
  readonly min: 0 | 1;
  readonly max: number;
  readonly default: string | undefined;
  readonly initial: Value;
}

export function flag(summary: string): Option<boolean> {
  return { summary, type: undefined, required: false, default: undefined, initial: false };
}

/** An option with a value: undefined when it is not given, unless it has a default. */
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
  // never read: a command line without the option is refused
  return { summary, type, required: true, default: undefined, initial: undefined as Value };
}

export function positional<Value>(type: ValueType<Value>, summary: string): Positional<Value> {
  return { summary, type, min: 1, max: 1, default: undefined, initial: undefined as Value };
}

/** A positional that may be left out: undefined then, unless it has a default. */
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

/** All positionals that are left, as a list. */
export function positionals<Value>(
  type: ValueType<Value>,
  summary: string,
  { min, max = Infinity }: { readonly min: 0 | 1; readonly max?: number },
): Positional<readonly Value[]> {
  return { summary, type, min, max, default: undefined, initial: [] };
}
