import { filled, type Resolve, resolver, UNKNOWN } from "./placeholders";
import { type Cover, distinctCover, eitherMarks, masked, maskedText, noting } from "./mask";
import { isObject } from "./list-items";
import { type Attributes, isManaged, type Marks } from "@packages/terraform/plan";
import type { Plan, PlannedChange, ResourceChange } from "@packages/terraform/plan";
import { Stack } from "@packages/terraform/synthesized-stack";

/** `supersede` makes a new one and forgets the old, which is kept; `unknown` is none that is known here. */
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

/** A resource's attributes on both sides of a change. */
export interface Sides {
  readonly before: Attributes | undefined;
  /** What is known only when it is applied is filled in from the code as far as it tells. */
  readonly after: Attributes | undefined;
}

/** What Terraform would do with a resource. */
export interface Change extends Sides {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** Path of the construct below its stack, where the synthesized JSON tells it. */
  readonly construct?: string | undefined;
  readonly action: Action;
  /** Values that look like secrets though Terraform does not mark them, by their paths. */
  readonly secrets: {
    readonly before: ReadonlyMap<string, unknown>;
    readonly after: ReadonlyMap<string, unknown>;
  };
  /** What may be read: `before` and `after`, which rules evaluate, with all that is sensitive covered. */
  readonly shown: Sides;
  /** Attributes whose change makes Terraform replace it, such as `identifier` or `vpc_options.0.subnet_ids`. */
  readonly replacedBy: readonly string[];
  /** Whether the new one is there before the old one goes. */
  readonly createsFirst: boolean;
  readonly previousAddress?: string | undefined;
  readonly importId?: string | undefined;
  /** Key of an object that a failed replacement left behind: that one is deleted, not its successor. */
  readonly deposed?: string | undefined;
  /** Why Terraform chose the action, where it is not obvious. */
  readonly reason?: string | undefined;
}

/** Resources as they were synthesized, by address. */
export type Synthesized = ReadonlyMap<string, Attributes>;

/** Reads the resources of a `cdk.tf.json`; none of what is not given. */
export function synthesizedResources(json: unknown): Synthesized {
  return new Map(new Stack("", json).resources.map(({ address, raw }) => [address, raw as Attributes]));
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
  const cover = distinctCover();
  return changes
    .filter(isManaged)
    .map((resource) => changeOf(resource, { synthesized, configured, resolve, cover }))
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

interface Reading {
  readonly synthesized: Synthesized;
  readonly configured: Synthesized;
  readonly resolve: Resolve;
  readonly cover: Cover;
}

function changeOf(resource: ResourceChange, reading: Reading): Change {
  const { address, type, name, change, previous_address: previous, deposed } = resource;
  const { synthesized, configured, resolve, cover } = reading;
  const code = synthesized.get(address) ?? synthesized.get(previous ?? "");
  const construct = constructOf(code);
  const source = code ?? configured.get(address);
  const action = actionOf(resource);
  const reason = reasonOf(resource, action);
  const importId = importIdOf(change);
  const marks = eitherMarks(change.before_sensitive, change.after_sensitive);
  const secrets = { before: new Map<string, unknown>(), after: new Map<string, unknown>() };
  const before = attributesOf(change.before);
  const after = attributesOf(filled({ value: change.after, marks: change.after_unknown, source }, resolve));
  return {
    address,
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
    replacedBy: (change.replace_paths ?? []).map((path) => path.join(".")).sort(),
    createsFirst: change.actions[0] === "create" && change.actions.length > 1,
    construct,
    previousAddress: previous === address ? undefined : previous,
    importId,
    deposed,
    reason,
  };
}

function attributesOf(value: unknown): Attributes | undefined {
  return isObject(value) ? value : undefined;
}

/** Each attribute by itself, also where the whole is marked: their names are no secrets. */
function covered(values: Attributes | undefined, marks: Marks, cover: Cover): Attributes | undefined {
  if (values === undefined || marks !== true)
    return masked(values, marks, { cover }) as Attributes | undefined;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, masked(value, true, { path: name, cover })]),
  );
}

/** Ids may hold passwords, as those of imported connections do. */
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

function reasonOf({ action_reason: reason, change }: ResourceChange, action: Action): string | undefined {
  if (action === "unknown") return `this review does not know Terraform's ${change.actions.join(" and ")}`;
  return reason === undefined ? undefined : (REASONS[reason] ?? reason.replaceAll("_", " "));
}

/** Outputs that change, with all that is sensitive covered, by name. */
export function outputChanges(plan: Plan): Readonly<Record<string, PlannedChange>> {
  const cover = distinctCover();
  return Object.fromEntries(
    Object.entries(plan.output_changes ?? {})
      .filter(([, { actions }]) => actions.join() !== "no-op")
      .map(([name, change]) => {
        const marks = eitherMarks(change.before_sensitive, change.after_sensitive);
        const shown = (value: unknown) => masked(value, marks, { path: name, cover });
        return [name, { ...change, before: shown(change.before), after: shown(change.after) }];
      }),
  );
}
