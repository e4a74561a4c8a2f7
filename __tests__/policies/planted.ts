import { Stack } from "../../packages/terraform/synthesized-stack";

/** Resources by address; `undefined` removes one from those it is laid over. */
export type Planted = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** The smallest stack that violates a rule, and the smallest change that repairs it. */
export interface Case {
  /** The violation. */
  readonly plant: Planted;
  /** Where the rule finds it. */
  readonly at: string;
  /** Attributes laid over the planted ones. */
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

/** A policy document as the attribute of a resource holds it. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Statement: statements });
}

export function allow(more: object): object {
  return { Effect: "Allow", ...more };
}

/** Refuses an action without TLS. */
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
