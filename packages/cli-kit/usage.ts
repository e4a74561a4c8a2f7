import { type Options, type Positionals, typed } from "./parse-command-line";
import type { Positional } from "./values";

/** Input of a command's usage text. */
export interface UsageParts {
  /** Command without arguments: `npm run plan`. */
  readonly invocation: string;
  readonly summary: string;
  readonly description?: string | undefined;
  readonly options: Options;
  readonly positionals: Positionals;
  /** Arguments of valid command lines. */
  readonly examples: readonly string[];
  /** When the exit code is 1 although nothing failed. */
  readonly exitsWith1When?: string | undefined;
}

const COLUMN = 24;

/** The text that `--help` prints. */
export function usageText(parts: UsageParts): string {
  const { invocation, summary, description, options, positionals, examples, exitsWith1When } = parts;
  const places = Object.values(positionals).map(shape);
  const arguments_ = [
    ...places,
    ...Object.entries(options).flatMap(([key, one]) =>
      one.required ? `${typed(key)} ${one.type?.placeholder}` : [],
    ),
  ];
  const help: [string, string] = ["--help, -h", "show this text"];
  const rows = Object.entries(options).map(([key, { type, summary: text, default: initial }]) => {
    const notes = [type?.choices && type.allowed, initial && `default ${initial}`].filter(Boolean).join("; ");
    return [
      type ? `${typed(key)} ${type.placeholder}` : typed(key),
      notes ? `${text} (${notes})` : text,
    ] as const;
  });
  return [
    commandLine(invocation, [...arguments_, "[options]"].join(" ")),
    "",
    summary,
    ...(description === undefined ? [] : ["", description]),
    ...section(
      "Arguments",
      Object.values(positionals).map((one) => [one.type.placeholder, noteOf(one)]),
    ),
    ...section("Options", [...rows, help]),
    "",
    examples.length === 1 ? "Example:" : "Examples:",
    ...examples.map((example) => `  ${commandLine(invocation, example)}`),
    "",
    `Exit code 0: done; 1: ${["failed", exitsWith1When].filter(Boolean).join(", or ")}; 2: wrong usage or refused, nothing changed.`,
    "CLI_DEBUG=1 shows stack traces.",
    "",
  ].join("\n");
}

/** A command line as typed, with `--` before the command's arguments. */
export function commandLine(invocation: string, args: string): string {
  return args === "" ? invocation : `${invocation} -- ${args}`;
}

function shape({ type: { placeholder }, min, max }: Positional<unknown>): string {
  const needed = Array.from({ length: min }, () => placeholder);
  if (max === 1) return min === 1 ? placeholder : `[${placeholder}]`;
  return max === min ? needed.join(" ") : [...needed, `[${placeholder}…]`].join(" ");
}

function noteOf({ type, summary, default: initial }: Positional<unknown>): string {
  const notes = [type.choices && type.allowed, initial && `default ${initial}`].filter(Boolean).join("; ");
  return notes === "" ? summary : `${summary} (${notes})`;
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  return ["", `${title}:`, ...rows.flatMap(([name, text]) => row(name, text))];
}

/** Rows of a name with its text, on the next line if the name is long. */
function row(name: string, text: string): string[] {
  const lines = wrap(text, 100 - COLUMN);
  const indent = " ".repeat(COLUMN);
  if (name.length + 3 > COLUMN) return [`  ${name}`, ...lines.map((line) => `${indent}${line}`)];
  return lines.map((line, index) => `${index === 0 ? `  ${name}`.padEnd(COLUMN) : indent}${line}`);
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
