import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import { writeWhole } from "@packages/cli-kit/write-whole";

/** Names of nested blocks; all other names are attributes. */
export interface Shape {
  readonly [block: string]: Shape;
}

/** Shapes of the AWS provider's resources, data sources and configuration. */
export interface Shapes {
  readonly provider: Shape;
  readonly resources: Readonly<Record<string, Shape>>;
  readonly dataSources: Readonly<Record<string, Shape>>;
  /** Dotted paths of the attributes of each resource type that only AWS sets, such as `origin.etag`. */
  readonly readOnly: Readonly<Record<string, readonly string[]>>;
}

interface Attribute {
  readonly computed?: boolean;
  readonly optional?: boolean;
  readonly required?: boolean;
}

interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}

type Schemas = Readonly<Record<string, { readonly block: Block }>>;

interface ProviderSchemas {
  readonly provider_schemas: Readonly<
    Record<
      string,
      {
        readonly provider: { readonly block: Block };
        readonly resource_schemas: Schemas;
        readonly data_source_schemas: Schemas;
      }
    >
  >;
}

/**
 * Schemas of the required provider, from `terraform providers schema`. Runs in its own folder, because a synthesized
 * stack may have a remote state. The 20 MB result is cached per version.
 */
export function awsShapes(toolchain: TerraformToolchain, requiredProviders: unknown): Shapes {
  const folder = join(localFolder, "provider-schemas");
  mkdirSync(folder, { recursive: true });
  const main = { terraform: { required_providers: requiredProviders } };
  writeWhole(join(folder, "main.tf.json"), JSON.stringify(main));
  terraform(toolchain, folder, "init", "-input=false");
  const locked = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
  const kept = join(folder, `schemas-${/version\s*=\s*"([\d.]+)"/.exec(locked)?.[1] ?? "unknown"}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8")) as Shapes;
  const answer = JSON.parse(terraform(toolchain, folder, "providers", "schema", "-json")) as ProviderSchemas;
  const [schema] = Object.values(answer.provider_schemas);
  if (schema === undefined) throw new Error("the stacks require no provider");
  const shapes: Shapes = {
    provider: shapeOf(schema.provider.block),
    resources: shapesOf(schema.resource_schemas),
    dataSources: shapesOf(schema.data_source_schemas),
    readOnly: Object.fromEntries(
      Object.entries(schema.resource_schemas).map(([type, { block }]) => [type, readOnlyOf(block)]),
    ),
  };
  writeWhole(kept, JSON.stringify(shapes));
  return shapes;
}

/** Terraform's standard output. Throws its error output. */
export function terraform({ executable, env }: TerraformToolchain, cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(executable.path, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`terraform ${args.join(" ")} failed in ${cwd}:\n${stderr.trim()}`);
  return stdout;
}

function shapesOf(schemas: Schemas): Record<string, Shape> {
  return Object.fromEntries(Object.entries(schemas).map(([type, { block }]) => [type, shapeOf(block)]));
}

function shapeOf({ block_types: blocks = {} }: Block): Shape {
  return Object.fromEntries(Object.entries(blocks).map(([name, { block }]) => [name, shapeOf(block)]));
}

function readOnlyOf({ attributes = {}, block_types: blocks = {} }: Block, prefix = ""): string[] {
  const own = Object.entries(attributes)
    .filter(([, { computed, optional, required }]) => computed && !optional && !required)
    .map(([name]) => `${prefix}${name}`);
  const nested = Object.entries(blocks).flatMap(([name, { block }]) =>
    readOnlyOf(block, `${prefix}${name}.`),
  );
  return [...own, ...nested];
}
