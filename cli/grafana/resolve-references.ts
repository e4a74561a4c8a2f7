import { decode } from "@packages/terraform/expression";
import type { Stack } from "@packages/terraform/synthesized-stack";

const REFERENCE = /^(aws_\w+)\.([\w-]+)\.(\w+)$/;

/**
 * A synthesized value with resolved references: the stack's own value where it has one
 * (`aws_sqs_queue.media_queue.name`), else the address. Equal references stay equal.
 */
export function plain(stack: Stack, value: unknown): unknown {
  if (typeof value === "string") return text(stack, value);
  if (Array.isArray(value)) return value.map((member) => plain(stack, member));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(stack, member)]));
}

/** The resolved argument of `${jsonencode(…)}`. */
export function plainJson(stack: Stack, expression: unknown): unknown {
  return plain(stack, typeof expression === "string" ? decode(expression) : expression);
}

function text(stack: Stack, value: string): string {
  const whole = value.replace(/\$\{([^{}]+)\}/g, (_, reference: string) => referred(stack, reference));
  return REFERENCE.test(whole) ? referred(stack, whole) : whole;
}

function referred(stack: Stack, reference: string): string {
  const [, type = "", name = "", attribute = ""] = REFERENCE.exec(reference) ?? [];
  const found = stack.attributes(type, name)?.[attribute];
  return typeof found === "string" && found !== `\${${reference}}` ? text(stack, found) : reference;
}
