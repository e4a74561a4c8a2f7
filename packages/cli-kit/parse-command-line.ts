import { parseArgs } from "node:util";
import { nearest } from "./nearest";
import { type Option, type Positional, UsageError, type ValueType } from "./values";

export type Options = Readonly<Record<string, Option<unknown>>>;
export type Positionals = Readonly<Record<string, Positional<unknown>>>;

/** An option as typed: `dryRun` is `--dry-run`. */
export const typed = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Whether the arguments contain a help option; other arguments are ignored then. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((one) => one === "--help" || one === "-h");
}

/** Parses a command line. Throws a UsageError with a one-line message, without the command's name. */
export function parseCommandLine(
  args: readonly string[],
  options: Options,
  positionals: Positionals,
): Record<string, unknown> {
  const keys = new Map(Object.keys(options).map((key) => [typed(key), key]));
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      [...keys].map(([name, key]) => [name.slice(2), { type: options[key]?.type ? "string" : "boolean" }]),
    ),
  });
  const input: Record<string, unknown> = {};
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { rawName, value, inlineValue = false } = token;
    const key = keys.get(rawName);
    const option = key === undefined ? undefined : options[key];
    if (key === undefined || option === undefined) throw unknownOption(rawName, [...keys.keys()]);
    if (key in input) throw new UsageError(`${rawName} is given twice`);
    input[key] = valueOf(rawName, option, inlineValue ? { value: value ?? "" } : { value, separate: true });
  }
  for (const [key, { required, type, initial }] of Object.entries(options)) {
    if (key in input) continue;
    if (required) throw new UsageError(`missing ${typed(key)} ${type?.placeholder}`);
    input[key] = initial;
  }
  const words = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  return Object.assign(input, readPositionals(words, positionals));
}

function unknownOption(name: string, names: readonly string[]): UsageError {
  const like = nearest(name, [...names, "--help"]);
  const hint = like === undefined ? "" : ` (did you mean ${like}?)`;
  return new UsageError(`unknown option ${name}${hint}: must be one of ${[...names, "--help"].join(", ")}`);
}

function valueOf(
  name: string,
  { type }: Option<unknown>,
  { value, separate = false }: { readonly value: string | undefined; readonly separate?: boolean },
): unknown {
  if (type === undefined) {
    if (value !== undefined) throw new UsageError(`${name} takes no value, got "${value}"`);
    return true;
  }
  if (value === undefined)
    throw new UsageError(`${name} needs a value: ${type.placeholder} must be ${type.allowed}`);
  if (separate && /^-./.test(value)) {
    throw new UsageError(
      `${name} needs a value, got the option ${value}; if it is the value, write ${name}=${value}`,
    );
  }
  return read(name, type, value);
}

function read(name: string, type: ValueType<unknown>, text: string): unknown {
  const value = type.read(text);
  if (value !== undefined) return value;
  const like = nearest(text, type.choices ?? []);
  const hint = like === undefined ? "" : ` (did you mean ${like}?)`;
  throw new UsageError(`${name} must be ${type.allowed}, got "${text}"${hint}`);
}

function readPositionals(words: readonly string[], positionals: Positionals): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  let rest = [...words];
  for (const [key, { type, min, max, initial }] of Object.entries(positionals)) {
    const taken = rest.slice(0, max);
    rest = rest.slice(max);
    if (taken.length < min) throw new UsageError(`missing ${type.placeholder}: must be ${type.allowed}`);
    const values = taken.map((word) => read(type.placeholder, type, word));
    input[key] = max > 1 ? values : values.length > 0 ? values[0] : initial;
  }
  const [extra] = rest;
  if (extra === undefined) return input;
  const names = Object.values(positionals).map(
    ({ type, max }) => `${max > 1 ? `up to ${max} of ` : ""}${type.placeholder}`,
  );
  throw new UsageError(`unexpected argument "${extra}": expected ${names.join(", then ") || "options only"}`);
}
