import { filled, type Resolve, resolver, UNKNOWN } from "./placeholders";
import { type Cover, distinctCover, eitherMarks, masked, maskedText, noting } from "./mask";
import { isObject } from "./list-items";
import { secretAttributes } from "./rules/secret-attributes";
import { configuredIn, withoutKeys } from "./configuration";
import { type Attributes, isManaged, type Marks } from "@packages/terraform/plan";
import type { Plan, PlannedChange, ResourceChange } from "@packages/terraform/plan";
import { Stack } from "@packages/terraform/synthesized-stack";

/**
 * `supersede` creates a new object and only removes the old one from the state; `unknown` is an action that this code
 * does not know.
 */
export type Action =
  | "create"
  | "update"
  | "replace"
  | "supersede"
  | "delete"
  | "move"
  | "import"
  | "forget"
  | "read"
  | "no-op"
  | "unknown";

/** Attributes of a resource before and after a change. */
export interface Sides {
  readonly before: Attributes | undefined;
  /** Values unknown before apply are filled in from the code where possible. */
  readonly after: Attributes | undefined;
}

/** A planned change of a resource. */
export interface Change extends Sides {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** Construct path below the stack, if the synthesized JSON is available. */
  readonly construct?: string | undefined;
  readonly action: Action;
  /** Values that look like secrets but are not marked by Terraform, by path. */
  readonly secrets: {
    readonly before: ReadonlyMap<string, unknown>;
    readonly after: ReadonlyMap<string, unknown>;
  };
  /** `before` and `after` with sensitive values masked; rules evaluate the unmasked ones. */
  readonly shown: Sides;
  /** Attributes that force a replacement, such as `identifier` or `vpc_options.0.subnet_ids`. */
  readonly replacedBy: readonly string[];
  /** The replacement is created before the old one is destroyed. */
  readonly createsFirst: boolean;
  readonly previousAddress?: string | undefined;
  readonly importId?: string | undefined;
  /** Key of an object left by a failed replacement; that object is deleted, not its successor. */
  readonly deposed?: string | undefined;
  /** The code is available: what it does not set is computed by the provider. A configuration lacks dynamic blocks. */
  readonly hasCode: boolean;
  /** The plan has values of what the change leaves behind; false if all of them are missing. */
  readonly hasValues: boolean;
  /** The code has provisioners, which run commands. */
  readonly runsCommands: boolean;
  /** Terraform's reason for the action, if not obvious. */
  readonly reason?: string | undefined;
}

/** Synthesized resources by address. */
export type Synthesized = ReadonlyMap<string, Attributes>;

/** Resources of a `cdk.tf.json`; empty if it is not given. */
export function synthesizedResources(json: unknown): Synthesized {
  return new Map(new Stack("", json).resources.map(({ address, raw }) => [address, raw as Attributes]));
}

/** Construct path of a resource below its stack, from CDKTF's metadata. */
function constructOf(resource: Attributes | undefined): string | undefined {
  const comment = resource?.["//"] as { metadata?: { path?: string } } | undefined;
  return comment?.metadata?.path
    ?.split("/")
    .slice(1)
    .join("/")
    .replace(/\/Default$/, "");
}

/** Changes of a plan sorted by address, without data sources and unchanged resources. */
export function changesOf(plan: Plan, synthesized: Synthesized): Change[] {
  return read(plan, plan.resource_changes, synthesized).filter(({ action }) => action !== "no-op");
}

/** Changes made outside of Terraform since its last refresh. */
export function driftOf(plan: Plan, synthesized: Synthesized): Change[] {
  return read(plan, plan.resource_drift ?? [], synthesized).filter(({ action }) => action !== "no-op");
}

function read(plan: Plan, changes: readonly ResourceChange[], synthesized: Synthesized): Change[] {
  const resolve = resolver(plan);
  const configured = configuredResources(plan);
  const hasConfiguration = configured.size > 0 || synthesized.size > 0;
  const cover = distinctCover();
  return changes
    .filter(isManaged)
    .map((resource) => changeOf(resource, { synthesized, configured, hasConfiguration, resolve, cover }))
    .sort((one, other) => (one.address < other.address ? -1 : 1));
}

/** What the configuration says of a resource; the values of attributes are not included. */
interface Configured {
  readonly attributes: Attributes;
  readonly runsCommands: boolean;
}

/** Resources of the configuration by address without keys, in all modules. */
function configuredResources({ configuration }: Plan): ReadonlyMap<string, Configured> {
  return new Map(
    configuredIn(configuration?.root_module).map(({ address, expressions = {}, provisioners = [] }) => [
      address,
      {
        attributes: Object.fromEntries(
          Object.entries(expressions).map(([key, member]) => [key, shapeOf(member)]),
        ),
        runsCommands: provisioners.length > 0,
      },
    ]),
  );
}

/** The shape of expressions, with `UNKNOWN` for each that the code sets; blocks keep their parts. */
function shapeOf(expressions: unknown): unknown {
  if (Array.isArray(expressions)) return expressions.map(shapeOf);
  if (!isObject(expressions)) return UNKNOWN;
  const entries = Object.entries(expressions);
  const isExpression = entries.length === 0 || "references" in expressions || "constant_value" in expressions;
  return isExpression ? UNKNOWN : Object.fromEntries(entries.map(([key, member]) => [key, shapeOf(member)]));
}

interface Reading {
  readonly synthesized: Synthesized;
  readonly configured: ReadonlyMap<string, Configured>;
  /** The plan contains a configuration or the code is given. */
  readonly hasConfiguration: boolean;
  readonly resolve: Resolve;
  readonly cover: Cover;
}

function changeOf(resource: ResourceChange, reading: Reading): Change {
  const { address, type, name, change, previous_address: previous, deposed } = resource;
  const { synthesized, configured, hasConfiguration, resolve, cover } = reading;
  const code = synthesized.get(address) ?? synthesized.get(previous ?? "");
  const construct = constructOf(code);
  const settings = configured.get(withoutKeys(address));
  // Without code and configuration, an unknown value may be one that the code sets.
  const source = code ?? settings?.attributes ?? (hasConfiguration ? undefined : UNKNOWN);
  const action = actionOf(resource);
  const reason = reasonOf(resource, action);
  const importId = importIdOf(change);
  const marks = withSecretAttributes(type, eitherMarks(change.before_sensitive, change.after_sensitive));
  const secrets = { before: new Map<string, unknown>(), after: new Map<string, unknown>() };
  const before = attributesOf(change.before);
  const after = attributesOf(filled({ value: change.after, marks: change.after_unknown, source }, resolve));
  return {
    address: shownAddress(address),
    type,
    name,
    action,
    before,
    after,
    secrets,
    shown: {
      before: covered(before, marks, noting(secrets.before, cover)),
      after: covered(after, marks, noting(secrets.after, cover)),
    },
    replacedBy: (change.replace_paths ?? []).map((path) => maskedText(path.join("."))).sort(),
    createsFirst: change.actions[0] === "create" && change.actions.length > 1,
    construct,
    previousAddress: previous === undefined || previous === address ? undefined : shownAddress(previous),
    importId,
    deposed,
    hasCode: code !== undefined,
    hasValues: Object.keys(attributesOf(change.after) ?? {}).length > 0,
    runsCommands: settings?.runsCommands ?? false,
    reason,
  };
}

/** Marks with the attributes that are secret by the meaning of their type. */
function withSecretAttributes(type: string, marks: Marks): Marks {
  const names = secretAttributes(type);
  if (names.length === 0 || marks === true) return marks;
  return { ...(isObject(marks) ? marks : {}), ...Object.fromEntries(names.map((name) => [name, true])) };
}

/** An address whose keys show no secret. */
export function shownAddress(address: string): string {
  return address.includes('["') ? maskedText(address) : address;
}

function attributesOf(value: unknown): Attributes | undefined {
  return isObject(value) ? value : undefined;
}

/** Masks each attribute separately, also if the whole resource is marked; names are not secret. */
function covered(values: Attributes | undefined, marks: Marks, cover: Cover): Attributes | undefined {
  if (values === undefined || marks !== true)
    return masked(values, marks, { cover }) as Attributes | undefined;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, masked(value, true, { path: name, cover })]),
  );
}

/** Import id, masked: ids of some connections contain passwords. */
function importIdOf({ importing }: PlannedChange): string | undefined {
  if (importing === undefined || importing === null) return undefined;
  const { id, identity } = importing;
  if (id === undefined && identity === undefined) return UNKNOWN;
  return maskedText(id ?? JSON.stringify(identity));
}

const ACTIONS: Readonly<Record<string, Action>> = {
  create: "create",
  update: "update",
  delete: "delete",
  forget: "forget",
  read: "read",
  "delete,create": "replace",
  "create,delete": "replace",
  "create,forget": "supersede",
  "forget,create": "supersede",
};

function actionOf({ change, address, previous_address: previous }: ResourceChange): Action {
  const actions = change.actions.join(",");
  if (actions !== "no-op") return Object.hasOwn(ACTIONS, actions) ? (ACTIONS[actions] as Action) : "unknown";
  if (change.importing !== undefined && change.importing !== null) return "import";
  return previous !== undefined && previous !== address ? "move" : "no-op";
}

const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "its last creation was not completed",
  replace_because_cannot_update: "AWS can't change this in place",
  replace_by_request: "requested with -replace",
  replace_by_triggers: "a resource in replace_triggered_by changes",
  delete_because_no_resource_config: "it is no longer in the code",
  delete_because_wrong_repetition: "count or for_each was added or removed",
  delete_because_count_index: "its index is beyond the count",
  delete_because_each_key: "its key is no longer in for_each",
  delete_because_no_module: "its module is no longer in the code",
  delete_because_no_move_target: "it was moved to an address that is not in the code",
};

function reasonOf({ action_reason: reason, change }: ResourceChange, action: Action): string | undefined {
  if (action === "unknown") return `unknown Terraform action ${change.actions.join(" and ")}`;
  return reason === undefined ? undefined : (REASONS[reason] ?? reason.replaceAll("_", " "));
}

/** Changed outputs by name, with sensitive values masked. */
export function outputChanges(plan: Plan): Readonly<Record<string, PlannedChange>> {
  const cover = distinctCover();
  return Object.fromEntries(
    Object.entries(plan.output_changes ?? {})
      .filter(([, { actions }]) => actions.join() !== "no-op")
      .map(([name, change]) => {
        const marks = eitherMarks(
          change.before_sensitive,
          change.after_sensitive ?? plan.planned_values?.outputs?.[name]?.sensitive,
        );
        const shown = (value: unknown) => masked(value, marks, { path: name, cover });
        const after = filled(
          { value: change.after, marks: change.after_unknown, source: UNKNOWN },
          () => undefined,
        );
        return [name, { ...change, before: shown(change.before), after: shown(after) }];
      }),
  );
}
