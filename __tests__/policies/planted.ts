import { Stack } from "../../packages/terraform/synthesized-stack";

/** Resources by address; `undefined` removes a resource when they are merged. */
export type Planted = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** The smallest stack that violates a rule, and the smallest change that corrects it. */
export interface Case {
  /** Resources that violate the rule. */
  readonly plant: Planted;
  /** Address of the finding. */
  readonly at: string;
  /** Attributes that replace planted ones. */
  readonly repair: Planted;
}

/**
 * A stack of planted resources, `repair` laid over them. An address `provider.aws.0` is a provider, `data.TYPE.NAME` a
 * data source.
 */
export function stackOf(plant: Planted, repair: Planted = {}): Stack {
  const resource: Record<string, Record<string, unknown>> = {};
  const data: Record<string, Record<string, unknown>> = {};
  const providers: unknown[] = [];
  for (const address of new Set([...Object.keys(plant), ...Object.keys(repair)])) {
    if (address in repair && repair[address] === undefined) continue;
    const attributes = { ...plant[address], ...repair[address] };
    const [type = "", name = "", dataName = ""] = address.split(".");
    if (type === "data") (data[name] ??= {})[dataName] = attributes;
    else if (type === "provider") providers.push(attributes);
    else (resource[type] ??= {})[name] = { ...attributes, "//": { metadata: { path: `planted/${name}` } } };
  }
  return new Stack("planted", { resource, data, provider: { aws: providers } });
}

/** A policy document in the form of a resource's attribute. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Statement: statements });
}

export function allow(more: object): object {
  return { Effect: "Allow", ...more };
}

/** Denies an action without TLS. */
export function tls(action: string, resource: string | string[], more: object = {}): object {
  return {
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
    ...more,
  };
}
