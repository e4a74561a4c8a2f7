import { decode } from "@packages/terraform/expression";

/** A value of Terraform's JSON syntax as an expression of its native syntax. */
export function expression(value: unknown): string {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return list(value.map(expression));
  if (typeof value === "object" && value !== null) return object(value as Record<string, unknown>);
  return String(value);
}

/** A list as HCL, `["a", "b"]`, on one line if short. */
function list(members: readonly string[]): string {
  const short = `[${members.join(", ")}]`;
  return short.length <= 80 && !short.includes("\n")
    ? short
    : `[\n${members.map((member) => `${member},\n`).join("")}]`;
}

function object(value: Record<string, unknown>): string {
  const members = Object.entries(value);
  if (members.length === 0) return "{}";
  return `{\n${members.map(([name, member]) => `${key(name)} = ${expression(member)}\n`).join("")}}`;
}

const key = (name: string): string => (/^[A-Za-z_][\w-]*$/.test(name) ? name : quoted(name));

/** A string that is a single reference or call becomes an expression; others stay templates. */
function text(value: string): string {
  const inner = whole(value);
  if (inner === undefined) return quoted(value);
  return inner.startsWith("jsonencode(") ? `jsonencode(${expression(decode(value))})` : inner;
}

/** Content of `${…}` if the string is only one interpolation; otherwise undefined. */
function whole(value: string): string | undefined {
  if (!value.startsWith("${")) return undefined;
  return endOfInterpolation(value, 2) === value.length ? value.slice(2, -1) : undefined;
}

/** Index after the bracket that ends the interpolation whose content starts at `from`. */
function endOfInterpolation(value: string, from: number): number {
  let depth = 1;
  let at = from;
  for (let quote = false; at < value.length && depth > 0; at++) {
    const next = value[at];
    if (quote && next === "\\") at++;
    else if (next === '"') quote = !quote;
    else if (!quote && next === "{") depth++;
    else if (!quote && next === "}") depth--;
  }
  return at;
}

/** A quoted template: text is escaped, interpolations are not. */
function quoted(value: string): string {
  let result = "";
  for (let at = 0; at < value.length;) {
    const escaped = value.startsWith("$${", at) || value.startsWith("%%{", at);
    const end =
      !escaped && value.startsWith("${", at) ? endOfInterpolation(value, at + 2) : at + (escaped ? 3 : 1);
    const part = value.slice(at, end);
    result += end - at > 1 ? part : escape(part);
    at = end;
  }
  return `"${result}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

const escape = (letter: string): string => ESCAPES[letter] ?? letter;
