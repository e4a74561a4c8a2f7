import { filled, type Resolve, resolver, UNKNOWN } from "./known";
import { masked } from "./mask";
import type { Attributes, Marks, Plan, PlannedChange, ResourceChange } from "./plan";

export type Action =
  "create" | "update" | "replace" | "delete" | "move" | "import" | "forget" | "read" | "no-op";

/** What Terraform would do with a resource. Every value in it is masked already. */
export interface Change {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** Path of the construct below its stack, where the synthesized JSON tells it. */
  readonly construct?: string;
  readonly action: Action;
  readonly before: Attributes | undefined;
  /** What is known only when it is applied is filled in from the code as far as it tells. */
  readonly after: Attributes | undefined;
  /** Attributes whose change makes Terraform replace it, such as `identifier` or `vpc_options.0.subnet_ids`. */
  readonly replacedBy: readonly string[];
  /** Whether the new one is there before the old one goes. */
  readonly createsFirst: boolean;
  readonly previousAddress?: string;
  readonly importId?: string;
  /** Why Terraform chose the action, where it is not obvious. */
  readonly reason?: string;
}

/** Resources as they were synthesized, by address. */
export type Synthesized = ReadonlyMap<string, Attributes>;

/** Reads the resources of a `cdk.tf.json`; none of what is not given. */
export function synthesizedResources(json: unknown): Synthesized {
  const types = ((json as Attributes | undefined)?.resource ?? {}) as Record<string, Attributes>;
  return new Map(
    Object.entries(types).flatMap(([type, named]) =>
      Object.entries(named).map(([name, resource]) => [`${type}.${name}`, resource as Attributes] as const),
    ),
  );
}

/** Path of a resource's construct below its stack, from the comment that CDKTF leaves. */
function constructOf(resource: Attributes | undefined): string | undefined {
  const comment = resource?.["//"] as { metadata?: { path?: string } } | undefined;
  return comment?.metadata?.path
    ?.split("/")
    .slice(1)
    .join("/")
    .replace(/\/Default$/, "");
}

/** What the plan changes, without data sources and what stays as it is, in the order of addresses. */
export function changesOf(plan: Plan, synthesized: Synthesized): Change[] {
  return read(plan, plan.resource_changes, synthesized).filter(({ action }) => action !== "no-op");
}

/** What others changed since Terraform last looked. */
export function driftOf(plan: Plan, synthesized: Synthesized): Change[] {
  return read(plan, plan.resource_drift ?? [], synthesized).filter(({ action }) => action !== "no-op");
}

function read(plan: Plan, changes: readonly ResourceChange[], synthesized: Synthesized): Change[] {
  const resolve = resolver(plan);
  const configured = configuredAttributes(plan);
  return changes
    .filter(({ mode }) => mode !== "data")
    .map((resource) => changeOf(resource, synthesized, configured, resolve))
    .sort((one, other) => (one.address < other.address ? -1 : 1));
}

/** Which attributes the code sets, where the synthesized JSON is not at hand: their values are not told. */
function configuredAttributes({ configuration }: Plan): Synthesized {
  return new Map(
    (configuration?.root_module?.resources ?? []).map(({ address, expressions = {} }) => [
      address,
      Object.fromEntries(Object.keys(expressions).map((key) => [key, UNKNOWN])),
    ]),
  );
}

function changeOf(
  resource: ResourceChange,
  synthesized: Synthesized,
  configured: Synthesized,
  resolve: Resolve,
): Change {
  const { address, type, name, change, previous_address: previous } = resource;
  const code = synthesized.get(address) ?? synthesized.get(previous ?? "");
  const construct = constructOf(code);
  const source = code ?? configured.get(address);
  const reason = reasonOf(resource.action_reason);
  return {
    address,
    type,
    name,
    action: actionOf(resource),
    before: side(change.before, change.before_sensitive),
    after: side(filled(change.after, change.after_unknown, source, resolve), change.after_sensitive),
    replacedBy: (change.replace_paths ?? []).map((path) => path.join(".")).sort(),
    createsFirst: change.actions[0] === "create" && change.actions.length > 1,
    ...(construct === undefined ? {} : { construct }),
    ...(previous === undefined || previous === address ? {} : { previousAddress: previous }),
    ...(change.importing?.id === undefined ? {} : { importId: change.importing.id }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function side(value: unknown, marks: Marks): Attributes | undefined {
  return value === null || value === undefined ? undefined : (masked(value, marks) as Attributes);
}

function actionOf({ change, address, previous_address: previous }: ResourceChange): Action {
  const actions = change.actions.join(",");
  if (actions === "delete,create" || actions === "create,delete") return "replace";
  if (actions !== "no-op") return actions as Action;
  if (change.importing !== undefined) return "import";
  return previous !== undefined && previous !== address ? "move" : "no-op";
}

const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "its last creation did not come to its end",
  replace_because_cannot_update: "AWS can't change this in place",
  replace_by_request: "somebody asked for it with -replace",
  replace_by_triggers: "a resource in its replace_triggered_by changes",
  delete_because_no_resource_config: "it is no longer in the code",
  delete_because_wrong_repetition: "it is no longer repeated this way",
  delete_because_count_index: "its index is beyond the count",
  delete_because_each_key: "its key is no longer in for_each",
  delete_because_no_module: "its module is no longer in the code",
  delete_because_no_move_target: "it was moved to an address that is not in the code",
};

function reasonOf(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : (REASONS[reason] ?? reason.replaceAll("_", " "));
}

/** Outputs that change, masked, by name. */
export function outputChanges(plan: Plan): Readonly<Record<string, PlannedChange>> {
  return Object.fromEntries(
    Object.entries(plan.output_changes ?? {})
      .filter(([, { actions }]) => actions.join() !== "no-op")
      .map(([name, change]) => [
        name,
        {
          ...change,
          before: masked(change.before, change.before_sensitive, name),
          after: masked(change.after, change.after_sensitive, name),
        },
      ]),
  );
}
