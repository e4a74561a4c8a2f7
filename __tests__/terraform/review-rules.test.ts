import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraform } from "../../cli/lib/provider-schemas";
import { terraformToolchain } from "../../cli/lib/toolchain";
import { EXPOSURE_READERS } from "../../packages/plan-review/exposure";
import { GRANT_READERS } from "../../packages/plan-review/rules/grant-readers";
import { matchesType } from "../../packages/plan-review/rules/attribute-rule";
import { HELD } from "../../packages/plan-review/rules/held";
import { ORDINARY_BY_TYPE } from "../../packages/plan-review/rules/ordinary";
import { PROTECTIONS } from "../../packages/plan-review/rules/protections";
import { PUBLIC_VALUES } from "../../packages/plan-review/rules/public-values";
import { WEAKENINGS } from "../../packages/plan-review/rules/retentions";
import { expectNoFaults } from "../support/faults";
import otherNames from "../support/provider-names/names.json";
import { endsWith, matchesName } from "../support/provider-names/rule-names";
import type { Attributes } from "../support/synth";

/** Paths of all attributes and blocks by type, from the provider's schema. */
let paths: Map<string, Set<string>>;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "review-rules-"));
  const required = { aws: { source: "hashicorp/aws", version: "5.100.0" } };
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: required } }),
  );
  const toolchain = await terraformToolchain();
  terraform(toolchain, folder, "init", "-input=false");
  const schemas = JSON.parse(terraform(toolchain, folder, "providers", "schema", "-json")) as Attributes;
  rmSync(folder, { recursive: true });
  const [{ resource_schemas: types }] = Object.values(schemas.provider_schemas as Attributes) as [Attributes];
  paths = new Map(
    Object.entries(types as Attributes).map(([type, { block }]) => [
      type,
      new Set(pathsIn(block as Attributes)),
    ]),
  );
});

/** Paths of a block, also of attributes with parts. */
function pathsIn(block: Attributes, prefix = ""): string[] {
  const attributes = Object.entries((block.attributes ?? {}) as Attributes).flatMap(([name, attribute]) => [
    `${prefix}${name}`,
    ...pathsIn((attribute.nested_type ?? {}) as Attributes, `${prefix}${name}.`),
    ...partsOf(attribute.type, `${prefix}${name}`),
  ]);
  const blocks = Object.entries((block.block_types ?? {}) as Attributes).flatMap(([name, nested]) => [
    `${prefix}${name}`,
    ...pathsIn(nested.block as Attributes, `${prefix}${name}.`),
  ]);
  return [...attributes, ...blocks];
}

/** Paths of an attribute that is a list of objects. */
function partsOf(type: unknown, prefix: string): string[] {
  if (!Array.isArray(type)) return [];
  const [kind, inner] = type as [string, unknown];
  if (kind !== "object") return partsOf(inner, prefix);
  return Object.entries(inner as Attributes).flatMap(([name, part]) => [
    `${prefix}.${name}`,
    ...partsOf(part, `${prefix}.${name}`),
  ]);
}

/** Attributes whose text is JSON: their parts are not in the schema. */
const JSON_ATTRIBUTES =
  /^(?:container_definitions|redrive_policy|redrive_allow_policy|rule_json|policy|policy_data)\.|deadLetterTargetArn|readonlyRootFilesystem|RateBasedStatement/;

const isKnown = (type: string, name: string): boolean =>
  [...(paths.get(type) ?? [])].some((path) => path === name || path.endsWith(`.${name}`));

test("every type of AWS that a rule names is in the provider's schema", () => {
  const named = [
    ...Object.keys(HELD),
    ...Object.keys(ORDINARY_BY_TYPE),
    ...[...EXPOSURE_READERS, ...GRANT_READERS, ...WEAKENINGS, ...PROTECTIONS, ...PUBLIC_VALUES].flatMap(
      ({ types }) => types,
    ),
  ];
  const types = [...paths.keys()];
  const isAws = (name: string) => name.startsWith("aws_");
  expectNoFaults(named.filter(isAws).filter((name) => !types.some((type) => matchesType(name, type))));
  expect(types).toContain("aws_s3_bucket");
  expect(types.some((type) => matchesType("aws_no_such_thing", type))).toBe(false);
});

test("every attribute that is ordinary for a type is in its schema", () => {
  expectNoFaults(
    Object.entries(ORDINARY_BY_TYPE).flatMap(([type, names]) =>
      names
        .split(" ")
        .filter((name) => name !== "" && name !== "*" && !JSON_ATTRIBUTES.test(name))
        .filter((name) => !isKnown(type, name))
        .map((name) => `${type} has no ${name}`),
    ),
  );
  expect(isKnown("aws_sqs_queue", "no_such_attribute")).toBe(false);
});

test("every attribute that a reader covers is in the schema of one of its types", () => {
  const readers = [...EXPOSURE_READERS, ...WEAKENINGS].filter(({ types }) =>
    types.some((type) => paths.has(type)),
  );
  expectNoFaults(
    readers.flatMap(({ types, covers }) =>
      covers
        .filter((name) => name !== "*" && !JSON_ATTRIBUTES.test(name))
        .filter((name) => !types.some((type) => isKnown(type, name)))
        .map((name) => `${types.join(", ")}: no ${name}`),
    ),
  );
});

test("every attribute of a rule is in the schema of one of its types, of AWS or another provider", () => {
  const others = Object.entries(otherNames.types);
  const isInOthers = (types: readonly string[], name: string): boolean =>
    others.some(
      ([type, known]) =>
        types.some((one) => matchesName(one, type)) && known.some((path) => endsWith(path, name)),
    );
  const isInAws = (types: readonly string[], name: string): boolean =>
    [...paths.keys()].some((type) => types.some((one) => matchesName(one, type)) && isKnown(type, name));
  // Of other providers nothing is known.
  const rules = [...PROTECTIONS, ...PUBLIC_VALUES].filter(({ types }) =>
    types.some((type) => /^(?:\*|aws_|google_|azurerm_|kubernetes_)/.test(type)),
  );
  expectNoFaults(
    rules.flatMap(({ types, attributes }) =>
      attributes
        .filter((name) => !JSON_ATTRIBUTES.test(name) && name !== "policy.AllowFromPublic")
        .filter((name) => !isInAws(types, name) && !isInOthers(types, name))
        .map((name) => `${types.join(", ")}: no ${name}`),
    ),
  );
});
