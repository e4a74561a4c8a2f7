import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Attributes of a resource as synthesized. */
export type Attributes = Readonly<Record<string, unknown>>;

/** One synthesized stack: its resources by type and name. */
export interface Stack {
  readonly name: string;
  readonly resources: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

/** Every stack below a folder that `npm run synth` wrote, by name. */
export function readStacks(outdir: string): Stack[] {
  const folder = join(outdir, "stacks");
  return readdirSync(folder)
    .sort()
    .map((name) =>
      stackOf(name, JSON.parse(readFileSync(join(folder, name, "cdk.tf.json"), "utf8")) as object),
    );
}

export function stackOf(name: string, json: object): Stack {
  return { name, resources: (json as { resource?: Stack["resources"] }).resource ?? {} };
}

/** Resources of a type, by name. */
export function ofType(stack: Stack, type: string): [name: string, attributes: Attributes][] {
  return Object.entries(stack.resources[type] ?? {});
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
