/** An object of attributes, as Terraform writes it. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Where values are unknown or sensitive: `true` for a whole, or the same shape as the value. */
export type Marks = unknown;

/** Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation */
export interface PlannedChange {
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  readonly after_unknown?: Marks;
  readonly before_sensitive?: Marks;
  readonly after_sensitive?: Marks;
  /** Paths of the attributes whose change makes Terraform replace the resource. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  /** What is imported; its id may be unknown, or be given as an identity. */
  readonly importing?: { readonly id?: string; readonly identity?: unknown };
}

export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: "managed" | "data" | "ephemeral";
  readonly type: string;
  readonly name: string;
  readonly change: PlannedChange;
  /** Why Terraform chose the action: `replace_because_cannot_update` and others. */
  readonly action_reason?: string;
  /** Key of an object that an earlier, failed replacement left behind; the address is that of its successor. */
  readonly deposed?: string;
}

/** A change that Terraform puts off to a later plan. */
export interface DeferredChange {
  readonly reason: string;
  readonly resource_change: ResourceChange;
}

/** An action that an apply runs beside its changes (Terraform 1.14): it calls a function, or stops an instance. */
export interface ActionInvocation {
  readonly address: string;
  readonly type: string;
  /** Set where the change of a resource triggers it, not `-invoke`. */
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

/** An expression of the configuration: its constant value, or what it refers to, at any depth. */
export type Expressions = Readonly<Record<string, unknown>>;

export interface ConfiguredResource {
  readonly address: string;
  readonly expressions?: Expressions;
  readonly depends_on?: readonly string[];
}

export interface ConfiguredModule {
  readonly resources?: readonly ConfiguredResource[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: ConfiguredModule }>>;
}

/** What `terraform show -json` writes of a saved plan. */
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
  /** False where something is left for a later plan. */
  readonly complete?: boolean;
  readonly errored?: boolean;
}

/** Whether Terraform makes and ends the resource: data sources and ephemeral resources are only read. */
export function isManaged({ mode }: ResourceChange): boolean {
  return mode !== "data" && mode !== "ephemeral";
}

/** Reads a plan; `name` is what messages call it. Throws on what is no plan, or one that did not come to its end. */
export function readPlan(text: string, name: string): Plan {
  let plan: Partial<Plan> | null;
  try {
    plan = JSON.parse(text) as Partial<Plan> | null;
  } catch (error) {
    throw new Error(
      `${name} is not JSON (${(error as Error).message}): give what terraform show -json writes`,
    );
  }
  const version = plan?.format_version;
  if (typeof version !== "string" || !/^1\./.test(version)) {
    throw new Error(`${name} must be a plan of format 1.x, got ${String(version)}: use terraform show -json`);
  }
  // A plan that changes no resource may leave the list out; one of a state has `values` instead.
  if (plan?.resource_changes === undefined && (plan as Attributes).planned_values === undefined) {
    throw new Error(`${name} is no plan, perhaps a state: use terraform show -json <plan file>`);
  }
  if (plan?.errored === true) {
    throw new Error(
      `${name} is a plan that failed half-way: mend what terraform plan printed, and plan again`,
    );
  }
  return {
    ...(plan as Plan),
    resource_changes: plan?.resource_changes ?? [],
    terraform_version: versionOf(plan?.terraform_version),
  };
}

/** Other producers of plans leave it out; what is no version is not shown. */
function versionOf(version: string | undefined): string {
  return version !== undefined && /^[\w.+-]{1,40}$/.test(version) ? version : "of an unknown version";
}
