import type { Attributes, Stack } from "@packages/terraform/synthesized-stack";

/** Resources of a type, by name. */
export function ofType(stack: Stack, type: string): [name: string, attributes: Attributes][] {
  return stack.of(type).map(({ name, raw }) => [name, raw as Attributes]);
}

/** The name within a reference: `${aws_security_group.media.id}` is `media`. */
export function referenced(value: unknown): string | undefined {
  return typeof value === "string" ? /^\$\{\w+\.(\w+)\.\w+\}$/.exec(value)?.[1] : undefined;
}

/** A value as a person reads it in a table. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(/\$\{(\w+\.\w+)\.(arn|id|resource_id)\}/g, "$1").replaceAll("|", "\\|");
}

/** A number with its word: `1 alarm`, `13 alarms`. */
export const many = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
