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
  readonly provisioners?: readonly { readonly type: string }[];
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
  /** False if changes are left for a later plan. */
  readonly complete?: boolean;
  readonly errored?: boolean;
}

/** Whether Terraform manages the resource; data sources and ephemeral resources are only read. */
export function isManaged({ mode }: ResourceChange): boolean {
  return mode !== "data" && mode !== "ephemeral";
}

/** Parses a plan; `name` identifies it in messages. Throws if the text is not a complete plan. */
export function readPlan(text: string, name: string): Plan {
  let plan: Partial<Plan> | null;
  try {
    plan = JSON.parse(text) as Partial<Plan> | null;
  } catch (error) {
    throw new Error(
      `${name} is not JSON (${(error as Error).message}): pass the output of terraform show -json`,
    );
  }
  const version = plan?.format_version;
  if (typeof version !== "string" || !/^1\./.test(version)) {
    throw new Error(`${name} must be a plan of format 1.x, got ${String(version)}: use terraform show -json`);
  }
  // Plans without changes can omit the list; states have `values` instead.
  if (plan?.resource_changes === undefined && (plan as Attributes).planned_values === undefined) {
    throw new Error(`${name} is not a plan, perhaps a state: use terraform show -json <plan file>`);
  }
  if (plan?.errored === true) {
    throw new Error(`${name} is an incomplete plan: fix the errors of terraform plan, and plan again`);
  }
  return {
    ...(plan as Plan),
    resource_changes: plan?.resource_changes ?? [],
    terraform_version: versionOf(plan?.terraform_version),
  };
}

/** Terraform version for display; other producers of plans omit it. */
function versionOf(version: string | undefined): string {
  return version !== undefined && /^[\w.+-]{1,40}$/.test(version) ? version : "of an unknown version";
}
