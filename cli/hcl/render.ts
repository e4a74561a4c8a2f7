import { expression } from "./expression";
import type { Shape, Shapes } from "../lib/provider-schemas";

type Attributes = Readonly<Record<string, unknown>>;
type Named = Readonly<Record<string, Attributes>>;
type ByType = Readonly<Record<string, Named>>;

/** The content of a `cdk.tf.json`. */
export interface Configuration {
  readonly terraform?: Attributes;
  readonly provider?: Readonly<Record<string, readonly Attributes[]>>;
  readonly variable?: Named;
  readonly data?: ByType;
  readonly resource?: ByType;
  readonly output?: Named;
  readonly moved?: readonly Attributes[];
  readonly locals?: Attributes;
  readonly removed?: readonly Attributes[];
}

/** Blocks of a configuration that are rendered; `//` is metadata. */
const RENDERED = new Set([
  "//",
  "terraform",
  "provider",
  "variable",
  "data",
  "resource",
  "output",
  "moved",
  "removed",
  "locals",
]);
/** Blocks of the `terraform` block that are not settings. */
const UNRENDERED_SETTINGS = ["provider_meta"];
/** Blocks of resources that the provider's schema lacks, and that are not rendered. */
const UNRENDERED_BLOCKS = ["provisioner", "connection"];

/** Names per block whose values are references, which JSON can only write as strings. */
const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  data: ["provider", "depends_on"],
  resource: ["provider", "depends_on"],
  lifecycle: ["ignore_changes", "replace_triggered_by"],
  variable: ["type"],
  output: ["depends_on"],
  moved: ["from", "to"],
  removed: ["from"],
};
/** Blocks that every resource may have, whatever its provider. */
const META: Shape = { lifecycle: { precondition: {}, postcondition: {} }, timeouts: {} };
const TERRAFORM: Shape = { cloud: { workspaces: {} } };

/**
 * Native HCL of a stack by file, one per top-level construct. Throws for a type that the provider lacks, and for a block
 * that it can't render, such as `module` or `dynamic`: none is left out.
 */
export function render(configuration: Configuration, shapes: Shapes): Map<string, string> {
  refuse(
    Object.keys(configuration).filter((name) => !RENDERED.has(name)),
    "the configuration",
  );
  const files = new Map<string, string>();
  const write = (file: string, text: string) => files.set(file, `${files.get(file) ?? ""}${text}\n`);
  write("terraform.tf", terraform(configuration.terraform ?? {}));
  if (configuration.locals !== undefined) write("locals.tf", block("locals", configuration.locals, {}));
  for (const [name, all] of Object.entries(configuration.provider ?? {})) {
    all.forEach((one) => write("providers.tf", block(`provider "${name}"`, one, shapes.provider)));
  }
  for (const [name, variable] of Object.entries(configuration.variable ?? {})) {
    write("variables.tf", block(`variable "${name}"`, variable, { validation: {} }));
  }
  const writeAll = (kind: "data" | "resource", known: Shapes["resources"]): void => {
    for (const [type, named] of Object.entries(configuration[kind] ?? {})) {
      const shape = known[type];
      if (shape === undefined) throw new Error(`the AWS provider has no ${kind} type ${type}`);
      for (const [name, attributes] of Object.entries(named)) {
        refuse(
          UNRENDERED_BLOCKS.filter((block) => block in attributes),
          `${type}.${name}`,
        );
        const path = pathOf(attributes) ?? `${type}.${name}`;
        const text = block(`${kind} "${type}" "${name}"`, attributes, { ...META, ...shape });
        write(`${path.split("/")[1] ?? "main"}.tf`, `# ${path}\n${text}`);
      }
    }
  };
  writeAll("data", shapes.dataSources);
  writeAll("resource", shapes.resources);
  for (const moved of configuration.moved ?? []) write("moved.tf", block("moved", moved, {}));
  for (const removed of configuration.removed ?? []) {
    write("removed.tf", block("removed", removed, { lifecycle: {} }));
  }
  for (const [name, output] of Object.entries(configuration.output ?? {})) {
    write("outputs.tf", block(`output "${name}"`, output, { precondition: {} }));
  }
  return files;
}

function refuse(blocks: readonly string[], place: string): void {
  const [first] = blocks;
  if (first === undefined) return;
  throw new Error(`synth:hcl can't render the block ${first} of ${place}: use the JSON of npm run synth`);
}

/** Construct path of a resource, from CDKTF's metadata. */
function pathOf(resource: Attributes): string | undefined {
  const { metadata } = (resource["//"] ?? {}) as { metadata?: { path?: string } };
  return metadata?.path;
}

function terraform({ backend, ...others }: Attributes): string {
  refuse(
    UNRENDERED_SETTINGS.filter((name) => name in others),
    "terraform",
  );
  const backends = Object.entries((backend ?? {}) as Named).map(([kind, settings]) =>
    block(`backend "${kind}"`, settings, {}),
  );
  const { required_providers: providers, ...rest } = others;
  const required = block("required_providers", (providers ?? {}) as Attributes, {});
  return `terraform {\n${body(rest, TERRAFORM)}\n${[required, ...backends].join("\n")}}\n`;
}

function block(head: string, attributes: Attributes, shape: Shape): string {
  return `${head} {\n${body(attributes, shape, REFERENCES[head.split(" ")[0] ?? ""])}}\n`;
}

/** Body of a block: attributes, then blocks, which are objects or lists of objects. */
function body(attributes: Attributes, shape: Shape, references: readonly string[] = []): string {
  const members = Object.entries(attributes).filter(([name, value]) => name !== "//" && value !== null);
  // The schema has no dynamic blocks, which can be at any depth.
  refuse(attributes.dynamic === undefined || shape.dynamic ? [] : ["dynamic"], "a block");
  const plain = members
    .filter(([name]) => shape[name] === undefined)
    .map(
      ([name, value]) => `${name} = ${references.includes(name) ? reference(value) : expression(value)}\n`,
    );
  const blocks = members.flatMap(([name, value]) => {
    const inner = shape[name];
    if (inner === undefined) return [];
    return [value].flat().map((one) => block(name, (one ?? {}) as Attributes, inner));
  });
  return [...plain, ...blocks].join("");
}

const reference = (value: unknown): string =>
  Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
