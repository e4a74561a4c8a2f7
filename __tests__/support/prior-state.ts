import { awsText } from "./aws-names";
import { known, type Type } from "./plan-types";
import type { Attributes } from "./synth";

/** A Terraform state, format 4, as if the plan had been applied. */
export interface State {
  readonly version: 4;
  readonly terraform_version: string;
  readonly serial: number;
  readonly lineage: string;
  readonly outputs: Attributes;
  readonly resources: readonly Attributes[];
}

/**
 * The state after an apply of the plan. Values that only AWS knows come from the state before, or are made up in the
 * right form. Planning again with the result converges to an empty plan.
 */
export function appliedState(
  plan: Attributes,
  configuration: Attributes,
  types: (type: string) => Type,
  before?: State,
): State {
  const state = withoutReferences(plan, configuration, types, before);
  resolveReferences(state, configuration);
  return state;
}

function withoutReferences(
  plan: Attributes,
  configuration: Attributes,
  types: (type: string) => Type,
  before?: State,
): State {
  const account = configuration.provider.aws[0].allowed_account_ids[0] as string;
  const root = plan.planned_values.root_module.resources as Attributes[];
  const changes = new Map((plan.resource_changes as Attributes[]).map((change) => [change.address, change]));
  const configured = new Map(
    (plan.configuration.root_module.resources as Attributes[]).map((one) => [one.address, one]),
  );
  return {
    version: 4,
    terraform_version: plan.terraform_version,
    serial: (before?.serial ?? 0) + 1,
    lineage: "7f3c1f5e-0000-4000-8000-000000000000",
    outputs: outputsOf(plan, before),
    resources: root.map((planned) => {
      const { type, name, address } = planned as { type: string; name: string; address: string };
      const {
        after,
        after_unknown: unknown,
        after_sensitive: sensitive,
        actions,
      } = changes.get(address)?.change as Attributes;
      const old = before?.resources.find((one) => one.type === type && one.name === name);
      const attributes = known(types(type), after, unknown, old?.instances[0].attributes, {
        invent: (path) => awsText({ type, name, planned: after as Attributes, account }, path),
        // The newer half of the provider stores open values unchanged, and says so in the next plan.
        made: actions.includes("create") && (before?.serial ?? 0) < 2,
        sets: (path) => at(configured.get(address)?.expressions, path) !== undefined,
      });
      const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
      const alias = /\.(\w+)$/.exec((configured.get(address)?.provider_config_key ?? "") as string)?.[1];
      return {
        mode: "managed",
        type,
        name,
        provider: alias === undefined ? provider : `${provider}.${alias}`,
        instances: [
          { schema_version: planned.schema_version, attributes, sensitive_attributes: marks(sensitive) },
        ],
      };
    }),
  };
}

/** Outputs that are not known yet are filled in by a later pass. */
function outputsOf(plan: Attributes, before: State | undefined): Attributes {
  const outputs = Object.entries((plan.planned_values.outputs ?? {}) as Attributes);
  return Object.fromEntries(
    outputs
      .map(([name, { value, sensitive }]) => [
        name,
        { value: value ?? before?.outputs[name]?.value, type: "string", ...(sensitive && { sensitive }) },
      ])
      .filter(([, output]) => (output as Attributes).value !== undefined),
  );
}

/** Paths of sensitive values, in the form of a state. */
function marks(sensitive: unknown, path: readonly Attributes[] = []): (readonly Attributes[])[] {
  if (sensitive === true) return [path];
  if (Array.isArray(sensitive)) {
    return sensitive.flatMap((member, index) =>
      marks(member, [...path, { type: "index", value: { value: index, type: "number" } }]),
    );
  }
  return Object.entries((sensitive || {}) as Attributes).flatMap(([name, member]) =>
    marks(member, [...path, { type: "get_attr", value: name }]),
  );
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce((within, key) => (within as Attributes | undefined)?.[key] as unknown, value);
}

/** Resolves synthesized references to their values, which saves passes. */
function resolveReferences({ resources }: State, configuration: Attributes): void {
  const attributes = new Map(
    resources.map(({ type, name, instances }) => [`${type}.${name}`, instances[0].attributes as Attributes]),
  );
  const resolved = (text: string): string =>
    text.replace(/\$\{(aws_\w+\.\w+)\.(\w+)\}/g, (reference, address: string, attribute: string) => {
      const value: unknown = attributes.get(address)?.[attribute];
      return typeof value === "string" ? value : reference;
    });
  const resolve = (value: unknown, written: unknown): unknown => {
    if (typeof written === "string" && written.includes("${aws_")) {
      const text = resolved(written);
      return text.includes("${") ? value : text;
    }
    if (Array.isArray(value) && Array.isArray(written) && written.every((one) => typeof one === "string")) {
      return written.map((one, index) => resolve(value[index], one));
    }
    if (Array.isArray(value) && value.length === 1) {
      return [resolve(value[0], Array.isArray(written) ? written[0] : written)];
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const fields = written as Attributes | undefined;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, resolve(field, fields?.[name])]),
    );
  };
  // A reference can lead to another reference.
  for (let round = 0; round < 4; round++) {
    for (const { type, name, instances } of resources) {
      const own = attributes.get(`${type}.${name}`) ?? {};
      Object.assign(own, resolve(own, configuration.resource[type]?.[name]));
      instances[0].attributes = own;
    }
  }
}
