/** Attributes of a resource in Terraform's JSON. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Marks of unknown or sensitive values: `true` for a whole value, or its shape. */
export type Marks = unknown;

/** Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation */
export interface PlannedChange {
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  readonly after_unknown?: Marks;
  readonly before_sensitive?: Marks;
  readonly after_sensitive?: Marks;
  /** Paths of the attributes that force a replacement. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  /** Import of the resource; the id can be unknown or an identity. */
  readonly importing?: { readonly id?: string; readonly identity?: unknown };
}

export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: "managed" | "data" | "ephemeral";
  readonly type: string;
  readonly name: string;
  readonly change: PlannedChange;
  /** Reason of the action, such as `replace_because_cannot_update`. */
  readonly action_reason?: string;
  /** Key of an object left by a failed replacement; the address is its successor's. */
  readonly deposed?: string;
}

/** A change that Terraform defers to a later plan. */
export interface DeferredChange {
  readonly reason: string;
  readonly resource_change: ResourceChange;
}

/** An action that an apply runs in addition to changes (Terraform 1.14), such as invoking a function. */
export interface ActionInvocation {
  readonly address: string;
  readonly type: string;
  /** Set if a resource change triggers it, not `-invoke`. */
  readonly lifecycle_action_trigger?: {
    readonly triggering_resource_address?: string;
    readonly action_trigger_event?: string;
  };
}

/** The result of a `check` block, a condition or a validation. */
export interface CheckResult {
  readonly address: { readonly to_display: string };
  readonly status: "pass" | "fail" | "error" | "unknown";
  readonly instances?: readonly { readonly problems?: readonly { readonly message: string }[] }[];
}

/** Expressions of the configuration: constant values, or references at any depth. */
export type Expressions = Readonly<Record<string, unknown>>;

export interface ConfiguredResource {
  readonly address: string;
  readonly expressions?: Expressions;
  readonly depends_on?: readonly string[];
  /** Commands that run when it is created or destroyed. */
  readonly provisioners?: readonly { readonly type: string; readonly expressions?: Expressions }[];
}

export interface ConfiguredModule {
  readonly resources?: readonly ConfiguredResource[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: ConfiguredModule }>>;
}

/** A saved plan in the format of `terraform show -json`. */
export interface Plan {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly resource_changes: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, PlannedChange>>;
  readonly configuration?: {
    readonly root_module?: ConfiguredModule;
    readonly provider_config?: Readonly<Record<string, { readonly expressions?: Expressions }>>;
  };
  readonly deferred_changes?: readonly DeferredChange[];
  readonly action_invocations?: readonly ActionInvocation[];
  readonly deferred_action_invocations?: readonly { readonly action_invocation: ActionInvocation }[];
  readonly checks?: readonly CheckResult[];
  /** Values of resources that decided about the plan, also if they changed outside of Terraform. */
  readonly relevant_attributes?: readonly { readonly resource: string }[];
  /** Values after the apply; of outputs, with their marks. */
  readonly planned_values?: { readonly outputs?: Readonly<Record<string, { readonly sensitive?: boolean }>> };
  /** Whether Terraform would apply it. */
  readonly applyable?: boolean;
  /** False if changes are left for a later plan. */
  readonly complete?: boolean;
  readonly errored?: boolean;
}

/** Whether Terraform manages the resource; data sources and ephemeral resources are only read. */
export function isManaged({ mode }: ResourceChange): boolean {
  return mode !== "data" && mode !== "ephemeral";
}

/**
 * Parses a plan; `name` identifies it in messages. Text may be UTF-8 or UTF-16, with or without a byte order mark, as
 * shells on Windows write it. Throws one line if it is not a complete plan of format 0.x or 1.x.
 */
export function readPlan(content: string | Uint8Array, name: string): Plan {
  let plan: unknown;
  try {
    plan = JSON.parse(textOf(content));
  } catch (error) {
    throw new Error(`${name} is not JSON (${shortened((error as Error).message)}): ${PASS_SHOWN}`);
  }
  const fault = planFault(plan);
  if (fault !== undefined) throw new Error(`${name} ${fault}`);
  const { resource_changes: changes, resource_drift: drift, ...others } = plan as Partial<Plan>;
  return {
    ...(others as Plan),
    resource_changes: (changes ?? []).map(addressed),
    resource_drift: (drift ?? []).map(addressed),
    terraform_version: versionOf(others.terraform_version),
  };
}

const PASS_SHOWN = "pass the output of terraform show -json";

/** JSON's messages quote the text. */
const shortened = (message: string): string => message.replace(/\s+/g, " ").slice(0, 80);

/** Text without a byte order mark. */
export function textOf(content: string | Uint8Array): string {
  if (typeof content === "string") return content.replace(/^\ufeff/, "");
  const [first, second] = content;
  const isLittleEndian = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  // The decoder removes the mark.
  return new TextDecoder(isLittleEndian ? "utf-16le" : isBigEndian ? "utf-16be" : "utf-8").decode(content);
}

/** Continues the name of the file; undefined if it is a plan. */
function planFault(plan: unknown): string | undefined {
  const { format_version: version, planned_values: planned, errored, ...others } = (plan ?? {}) as Attributes;
  if (typeof version !== "string" || !/^[01]\./.test(version)) {
    return `must be a plan of format 0.x or 1.x, got ${shortened(String(version))}: use terraform show -json`;
  }
  // Plans without changes can omit the list; states have `values` instead.
  if (others.resource_changes === undefined && planned === undefined) {
    return "is not a plan, perhaps a state: use terraform show -json <plan file>";
  }
  if (errored === true) return "is an incomplete plan: fix the errors of terraform plan, and plan again";
  for (const key of ["resource_changes", "resource_drift"]) {
    const list = others[key] ?? [];
    if (!Array.isArray(list)) return `is not a plan: ${key} is not a list`;
    const wrong = list.findIndex((one) => !isResourceChange(one));
    if (wrong >= 0) return `is not a plan: ${key}[${wrong}] needs address and change.actions`;
  }
  return undefined;
}

/** A change as other producers of plans, and Terraform 1.0 for drift, may write it. */
type LooseChange = Partial<ResourceChange> &
  Pick<ResourceChange, "change"> & { readonly module_address?: string; readonly index?: string | number };

/** Completes the address, or the type and name, from each other. */
function addressed(loose: ResourceChange): ResourceChange {
  const { address, type, name, module_address: module, index } = loose as LooseChange;
  if (address !== undefined && type !== undefined && name !== undefined) return loose;
  if (address === undefined) {
    const key = index === undefined ? "" : `[${JSON.stringify(index)}]`;
    return {
      ...loose,
      address: `${module === undefined ? "" : `${module}.`}${type ?? ""}.${name ?? ""}${key}`,
    };
  }
  const [, ownType = address, ownName = ""] = /(\w+)\.([\w-]+)(?:\[.*\])?$/.exec(address) ?? [];
  return { ...loose, type: type ?? ownType, name: name ?? ownName };
}

function isResourceChange(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { address, name, type, change } = value as LooseChange;
  const isNamed = typeof address === "string" || (typeof name === "string" && typeof type === "string");
  return isNamed && Array.isArray((change as LooseChange["change"] | undefined)?.actions);
}

/** Terraform version for display; other producers of plans omit it. */
function versionOf(version: string | undefined): string {
  return version !== undefined && /^[\w.+-]{1,40}$/.test(version) ? version : "of an unknown version";
}
