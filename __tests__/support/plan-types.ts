import type { Attributes } from "./synth";

/** A type as Terraform's schema writes it: `"string"`, `["list", "string"]`, `["object", { … }]`. */
export type Type = string | readonly [kind: string, of: unknown];

interface Attribute {
  readonly type?: Type;
  readonly nested_type?: Nested;
  readonly optional?: boolean;
  readonly computed?: boolean;
}

interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, { readonly nesting_mode: string; readonly block: Block }>>;
}

interface Nested {
  readonly nesting_mode: string;
  readonly attributes: Block["attributes"];
}

/** The types of every resource, from `terraform providers schema -json`. */
export function resourceTypes(schemas: Attributes): (type: string) => Type {
  const known = Object.values(schemas.provider_schemas as Attributes).map(
    (schema) => schema.resource_schemas,
  );
  return (type) => {
    const found = known.find((resources) => type in resources);
    if (found === undefined) throw new Error(`no provider knows ${type}`);
    return typeOf(found[type].block as Block);
  };
}

function typeOf({ attributes = {}, block_types: blocks = {} }: Block): Type {
  const fields = [
    ...Object.entries(attributes).map(([name, attribute]) => [name, typeOfAttribute(name, attribute)]),
    ...Object.entries(blocks).map(([name, { nesting_mode: mode, block }]) => [
      name,
      nestedIn(mode, typeOf(block)),
    ]),
  ];
  return ["object", Object.fromEntries(fields)];
}

/** Values that AWS chooses have the kind `choice`; users can never set ids. */
function typeOfAttribute(name: string, { type, nested_type: nested, optional, computed }: Attribute): Type {
  const whole = type ?? (nested ? nestedIn(nested.nesting_mode, typeOf(nested as Block)) : "dynamic");
  return optional && computed && name !== "id" && name !== "arn" ? ["choice", whole] : whole;
}

function nestedIn(mode: string, type: Type): Type {
  return mode === "single" || mode === "group" ? type : [mode, type];
}

/** What the plan alone does not say about an attribute. */
export interface Applied {
  /** Text for an attribute that only AWS knows. */
  invent(path: readonly string[]): string;
  /**
   * Whether the resource is created: open values of its blocks are then stored as empty, as most of the provider does.
   */
  readonly made: boolean;
  /** Whether the configuration sets the value. */
  sets(path: readonly string[]): boolean;
}

/** A value after an apply: the planned value; for unknown parts the value before, or else one of the right type. */
export function known(
  type: Type,
  planned: unknown,
  unknown: unknown,
  before: unknown,
  applied: Applied,
  path: readonly string[] = [],
): unknown {
  const [kind, of] = typeof type === "string" ? [type, undefined] : type;
  if (kind === "choice") {
    if (unknown === true && !applied.sets(path)) return before ?? none(of as Type, path);
    return known(of as Type, planned, unknown, before, applied, path);
  }
  if (unknown === true) return before ?? invented(type, applied, path);
  if (kind === "object")
    return knownFields(of as Record<string, Type>, planned, unknown, before, applied, path);
  if (planned === null || planned === undefined) return applied.made && path.length > 1 ? empty(kind) : null;
  if (kind === "map") {
    const keys = new Set([...Object.keys(planned), ...Object.keys((unknown as object | undefined) ?? {})]);
    const fields = Object.fromEntries([...keys].map((key) => [key, of as Type]));
    return knownFields(fields, planned, unknown, before, applied, path);
  }
  if (!Array.isArray(planned)) return planned;
  return planned.map((member, index) =>
    known(
      of as Type,
      member,
      (unknown as unknown[] | undefined)?.[index],
      // Members of a set have no position.
      kind === "list" ? (before as unknown[] | undefined)?.[index] : undefined,
      applied,
      [...path, String(index)],
    ),
  );
}

function knownFields(
  fields: Readonly<Record<string, Type>>,
  planned: unknown,
  unknown: unknown,
  before: unknown,
  applied: Applied,
  path: readonly string[],
): unknown {
  if (planned === null || planned === undefined) return null;
  const [from, unsure, old] = [planned, unknown ?? {}, before ?? {}] as Record<string, unknown>[];
  return Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [
      name,
      known(type, from?.[name], unsure?.[name], old?.[name], applied, [...path, name]),
    ]),
  );
}

function empty(kind: string): unknown {
  return { string: "", number: 0, bool: false, map: {}, list: [], set: [] }[kind] ?? null;
}

/** The value of something that is not requested from AWS: nothing; in a block and for collections, the empty value. */
function none(type: Type, path: readonly string[]): unknown {
  const kind = typeof type === "string" ? type : type[0];
  const many = kind === "map" || kind === "list" || kind === "set";
  return many || path.length > 1 ? empty(kind) : null;
}

function invented(type: Type, applied: Applied, path: readonly string[]): unknown {
  const [kind, of] = typeof type === "string" ? [type, undefined] : type;
  if (kind === "choice") return invented(of as Type, applied, path);
  if (kind === "string" || kind === "dynamic") return applied.invent(path);
  if (kind === "number") return 1;
  if (kind === "bool") return false;
  if (kind === "map") return {};
  if (kind === "object") {
    const fields = Object.entries(of as Record<string, Type>);
    return Object.fromEntries(
      fields.map(([name, field]) => [name, invented(field, applied, [...path, name])]),
    );
  }
  // The first member may be read, such as a database's secret or a certificate's record.
  const holdsObjects = Array.isArray(of) && of[0] === "object";
  return holdsObjects ? [invented(of as unknown as Type, applied, [...path, "0"])] : [];
}
