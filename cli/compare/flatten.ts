import { decode } from "@packages/terraform/expression";

/** An element with a Terraform address: resource, output or provider. */
export interface Element {
  readonly address: string;
  /** Path of the construct below the stack, such as `media-queue/dead-letters`. */
  readonly construct: string;
  /** Values by attribute path. */
  readonly values: ReadonlyMap<string, unknown>;
}

export type Elements = ReadonlyMap<string, Element>;
type Json = Readonly<Record<string, unknown>>;

/** The elements of a synthesized stack, by address. */
export function elementsOf(json: object): Elements {
  const elements = new Map<string, Element>();
  const add = (address: string, value: unknown) => {
    const { "//": comment, ...attributes } = value as Json;
    const { path = "" } = ((comment as Json | undefined)?.metadata ?? {}) as { path?: string };
    const construct = path
      .split("/")
      .slice(1)
      .filter((id) => id !== "Default")
      .join("/");
    elements.set(address, { address, construct, values: new Map(leaves(attributes, "")) });
  };
  for (const [section, content] of Object.entries(json)) {
    if (section === "//") continue;
    if (section === "resource" || section === "data") {
      for (const [type, named] of Object.entries(content as Record<string, Json>)) {
        for (const [name, value] of Object.entries(named)) add(`${type}.${name}`, value);
      }
    } else if (section === "output") {
      for (const [name, value] of Object.entries(content as Json)) add(`output.${name}`, value);
    } else {
      add(section, content);
    }
  }
  return elements;
}

/** All values with their paths; JSON strings are parsed, lists of strings are one value. */
function leaves(value: unknown, path: string): [path: string, value: unknown][] {
  if (typeof value === "string" && /^(\$\{jsonencode\(|[[{])/.test(value)) {
    const inner = decode(value);
    if (typeof inner === "object" && inner !== null) return leaves(inner, path);
  }
  if (Array.isArray(value)) {
    if (value.every((member) => typeof member !== "object")) return [[path, value]];
    return value.flatMap((member, index) => leaves(member, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, member]) =>
    leaves(member, path === "" ? key : `${path}.${key}`),
  );
}
