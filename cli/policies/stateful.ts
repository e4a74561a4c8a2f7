import { addressesIn, type Resource, type Stack } from "@packages/terraform/synthesized-stack";
import type { EvaluatedFinding } from "../../policies/evaluate";
import { deployedPath, type RenamedConstruct } from "../../stacks/lib/deployed-path";
import { renamedConstructs } from "../../stacks/renamed-constructs";
import { STATEFUL_TYPES } from "./stateful-types";

/** A resource that holds data, as it was recorded. */
export interface RecordedResource {
  /** Its path below the stack when it was deployed: `media-queue/Default`. */
  readonly construct: string;
  /** What identifies it: attributes of `STATEFUL_TYPES` that are set. */
  readonly identity: Readonly<Record<string, unknown>>;
}

export interface RecordedStack {
  /** Id of the AWS account. */
  readonly account: string;
  /** By Terraform address. */
  readonly resources: Readonly<Record<string, RecordedResource>>;
}

/** `docs/stateful-addresses.json`: the resources that hold data, by the name of their stack. */
export type Manifest = Readonly<Record<string, RecordedStack>>;

/** A difference between the manifest and the stacks. */
export interface StatefulFinding extends EvaluatedFinding {
  /** Whether an apply would destroy data. */
  readonly losesData: boolean;
}

export const ACCEPT = "npm run policies -- --accept";
export const ACCEPT_DATA_LOSS = "npm run policies -- --accept-data-loss";
export const MANIFEST_FILE = "docs/stateful-addresses.json";
const RENAMED_FILE = "stacks/renamed-constructs.ts";

/** Whether the differences may be recorded: those that lose data only if that is accepted too. */
export function mayRecord(
  differences: readonly StatefulFinding[],
  { accept, acceptDataLoss }: { readonly accept: boolean; readonly acceptDataLoss: boolean },
): boolean {
  return acceptDataLoss || (accept && !differences.some(({ losesData }) => losesData));
}

/** What `--accept` records. */
export function manifestOf(
  stacks: readonly Stack[],
  renamed: readonly RenamedConstruct[] = renamedConstructs,
): Manifest {
  const byName = stacks.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const manifest: Record<string, RecordedStack> = {};
  for (const stack of byName) {
    const resources: Record<string, RecordedResource> = {};
    for (const resource of statefulOf(stack)) {
      resources[resource.address] = recorded(resource, stack, renamed);
    }
    manifest[stack.name] = { account: accountOf(stack), resources };
  }
  return manifest;
}

function recorded(resource: Resource, stack: Stack, renamed: readonly RenamedConstruct[]): RecordedResource {
  const { replacedBy = [], renamedBy = [] } = STATEFUL_TYPES[resource.type] ?? {};
  const set = [...replacedBy, ...renamedBy].filter((attribute) => resource.at(attribute).exists);
  return {
    construct: deployedPath(constructOf(resource), renamed),
    identity: Object.fromEntries(
      set.map((attribute) => [attribute, resolved(resource.at(attribute).raw, stack)]),
    ),
  };
}

/** Below the stack. */
const constructOf = ({ path }: Resource): string => path.split("/").slice(1).join("/");

/** A value in which a reference to an attribute that the stack sets is that attribute. */
function resolved(value: unknown, stack: Stack): unknown {
  const reference = typeof value === "string" ? /^\$\{(\w+)\.(\w+)\.(\w+)\}$/.exec(value) : null;
  if (reference === null) return value;
  const [, type = "", name = "", attribute = ""] = reference;
  return stack.attributes(type, name)?.[attribute] ?? value;
}

const accountOf = (stack: Stack): string => stack.providers[0]?.at("allowed_account_ids").list[0]?.text ?? "";

function statefulOf(stack: Stack): Resource[] {
  return stack
    .of(...Object.keys(STATEFUL_TYPES))
    .toSorted((one, other) => (one.address < other.address ? -1 : 1));
}

/**
 * Differences between the manifest and the stacks, those of a stack together: resources that Terraform would destroy or
 * replace, and what has to be recorded.
 */
export function compare(
  manifest: Manifest,
  stacks: readonly Stack[],
  renamed: readonly RenamedConstruct[] = renamedConstructs,
): StatefulFinding[] {
  const missing = Object.keys(manifest).filter((name) => !stacks.some((stack) => stack.name === name));
  return [
    ...stacks.flatMap((stack) => compareStack(manifest[stack.name], stack, renamed)),
    ...missing.map((stack) =>
      finding(stack, {
        finding: "the stack is recorded, but no longer synthesized: Terraform does not manage its data",
        remedy: `restore its environment, or record the change: ${ACCEPT}`,
        files: ["stacks/environments.ts"],
      }),
    ),
  ];
}

function compareStack(
  before: RecordedStack | undefined,
  stack: Stack,
  renamed: readonly RenamedConstruct[],
): StatefulFinding[] {
  const record = { remedy: `record them: ${ACCEPT}`, files: [MANIFEST_FILE] };
  const found = statefulOf(stack);
  if (before === undefined || before.account !== accountOf(stack)) {
    const reason = before === undefined ? "new" : `recorded for account ${before.account}`;
    if (before === undefined && found.length === 0) return [];
    return [
      finding(stack.name, { ...record, finding: `the stack is ${reason}: its resources are not recorded` }),
    ];
  }
  const fresh = found.filter(({ address }) => !(address in before.resources));
  const lost = Object.entries(before.resources).flatMap(([address, resource]) =>
    compareResource({ address, before: resource, stack, fresh, renamed }),
  );
  const isExplained = (resource: Resource): boolean =>
    lost.some(({ path }) => path.split("\n").includes(resource.path));
  const unrecorded = fresh.filter((resource) => !isExplained(resource));
  return [
    ...merged(lost),
    ...(unrecorded.length === 0
      ? []
      : [
          finding(stack.name, {
            ...record,
            address: unrecorded.map(({ address }) => address).join("\n"),
            path: unrecorded.map(({ path }) => path).join("\n"),
            finding: "hold data, and are not recorded",
          }),
        ]),
  ];
}

interface ResourceComparison {
  readonly address: string;
  readonly before: RecordedResource;
  readonly stack: Stack;
  /** Stateful resources of the stack that are not recorded. */
  readonly fresh: readonly Resource[];
  readonly renamed: readonly RenamedConstruct[];
}

function compareResource(comparison: ResourceComparison): StatefulFinding[] {
  const { address, before, stack, renamed } = comparison;
  const movedTo = follow(address, stack);
  const resource = stack.resources.find((one) => one.address === movedTo);
  if (resource === undefined) return [stack.forgotten.has(address) ? left(comparison) : removed(comparison)];
  const now = recorded(resource, stack, renamed);
  const changes = changesOf(before.identity, now.identity, stack);
  if (changes.length === 0) return [];
  if (now.construct === before.construct) {
    return changes.map((change) => changed(change, resource, stack));
  }
  return [
    finding(stack.name, {
      address: movedTo,
      path: resource.path,
      finding: [
        `a moved block keeps the state of ${address}, but not the resource:`,
        ...changes.map((change) => `${change.text}: ${effectOf(change, resource)}`),
      ].join("\n"),
      remedy: renameRemedy([entryFor(before, resource)], "remove the moved block, and "),
      files: [RENAMED_FILE],
      losesData: true,
    }),
  ];
}

/** The address that a resource has after the stack's `moved` blocks. */
function follow(address: string, stack: Stack): string {
  const next = stack.moves.find(({ from }) => from === address);
  return next === undefined ? address : follow(next.to, stack);
}

interface AttributeChange {
  readonly attribute: string;
  /** `bucket "a" becomes "b"`. */
  readonly text: string;
  /** `set bucket back to "a"`. */
  readonly restore: string;
}

function changesOf(
  before: RecordedResource["identity"],
  now: RecordedResource["identity"],
  stack: Stack,
): AttributeChange[] {
  const attributes = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return attributes.flatMap((attribute) => {
    const [old, current] = [before[attribute], now[attribute]];
    if (comparable(old, stack) === comparable(current, stack)) return [];
    const property = propertyOf(attribute);
    const text = `${property} ${shown(old)} becomes ${shown(current)}`;
    const restore = old === undefined ? `remove ${property}` : `set ${property} back to ${shown(old)}`;
    return [{ attribute, text, restore }];
  });
}

/** A value as a text in which a moved resource has its address before the move. */
function comparable(value: unknown, stack: Stack): string {
  const text = JSON.stringify(value) ?? "";
  return addressesIn(text).reduce((all, reference) => {
    const address = reference.split(".").slice(0, 2).join(".");
    const origin = stack.moves.find(({ to }) => to === address)?.from;
    return origin === undefined ? all : all.replaceAll(address, origin);
  }, text);
}

const shown = (value: unknown): string => (value === undefined ? "(not set)" : JSON.stringify(value));

/** A property as CDKTF calls it: `replicationGroupId`. */
const propertyOf = (attribute: string): string =>
  attribute.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function effectOf({ attribute }: AttributeChange, { type }: Resource): string {
  return isRename(attribute, type)
    ? "Terraform renames the resource in place, and clients need its new name"
    : "Terraform replaces the resource, and its data is lost";
}

const isRename = (attribute: string, type: string): boolean =>
  STATEFUL_TYPES[type]?.renamedBy?.includes(attribute) === true;

function changed(change: AttributeChange, resource: Resource, stack: Stack): StatefulFinding {
  const losesData = !isRename(change.attribute, resource.type);
  return finding(stack.name, {
    address: resource.address,
    path: resource.path,
    finding: `${change.text}: ${effectOf(change, resource)}`,
    remedy: `${change.restore}\n${losesData ? ORELSE_LOSE : `or record the change: ${ACCEPT}`}`,
    files: [STATEFUL_TYPES[resource.type]?.file ?? ""],
    losesData,
  });
}

const ORELSE_LOSE = `or, if the data is no longer needed: ${ACCEPT_DATA_LOSS}`;

/** A resource that Terraform forgets: it stays in AWS, where another stack takes it over. */
function left({ address, before, stack }: ResourceComparison): StatefulFinding {
  return finding(stack.name, {
    address,
    path: `${stack.name}/${before.construct}`,
    finding: "Terraform forgets the resource, and it stays in AWS; it is recorded for this stack",
    remedy: `record the change: ${ACCEPT}`,
    files: [MANIFEST_FILE],
  });
}

function removed({ address, before, stack, fresh }: ResourceComparison): StatefulFinding {
  const [type] = address.split(".");
  const candidates = nearest(
    before,
    fresh.filter((resource) => resource.type === type),
  );
  const entries = [...new Set(candidates.map((resource) => entryFor(before, resource)))];
  if (entries.length === 0) {
    return finding(stack.name, {
      address,
      path: `${stack.name}/${before.construct}`,
      finding: "the construct is gone: Terraform destroys the resource with its data",
      remedy: `restore the construct\n${ORELSE_LOSE}`,
      files: [
        stack.name.includes("-foundation-") ? "stacks/foundation-stack.ts" : "stacks/streamflow-stack.ts",
      ],
      losesData: true,
    });
  }
  return finding(stack.name, {
    address,
    path: candidates.map(({ path }) => path).join("\n"),
    finding:
      "the construct has another path: Terraform destroys the resource with its data, and creates an empty one",
    remedy: renameRemedy(entries),
    files: [RENAMED_FILE],
    losesData: true,
  });
}

function renameRemedy(entries: readonly string[], first = ""): string {
  return [
    `${first}add ${entries.length === 1 ? "this entry" : "the right one of these entries"} to renamedConstructs, which keeps addresses and physical names:`,
    ...entries.map((entry) => `  ${entry}`),
    ORELSE_LOSE,
  ].join("\n");
}

/** The resources whose paths end like the recorded one, with the most ids; of those, the ones of the same depth. */
function nearest({ construct }: RecordedResource, resources: readonly Resource[]): Resource[] {
  const ids = construct.split("/");
  const score = (resource: Resource): number => {
    const other = constructOf(resource).split("/");
    return commonEnd(ids, other) + (ids.length === other.length ? 0.5 : 0);
  };
  const best = Math.max(...resources.map(score));
  return resources.filter((resource) => score(resource) === best);
}

function commonEnd(one: readonly string[], other: readonly string[]): number {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const differs = short.findLastIndex((id, index) => id !== long[index + long.length - short.length]);
  return short.length - 1 - differs;
}

/** An entry of `renamedConstructs`: the shortest paths that differ. */
function entryFor({ construct }: RecordedResource, resource: Resource): string {
  const [from, to] = [construct.split("/"), constructOf(resource).split("/")];
  const common = Math.min(commonEnd(from, to), from.length - 1, to.length - 1);
  const path = (ids: readonly string[]): string => ids.slice(0, ids.length - common).join("/");
  return `{ from: "${path(from)}", to: "${path(to)}" },`;
}

/** Findings with the same remedy as one: a renamed construct may hold several resources. */
function merged(findings: readonly StatefulFinding[]): StatefulFinding[] {
  const groups = new Map<string, StatefulFinding[]>();
  for (const one of findings) {
    const key = one.files.includes(RENAMED_FILE)
      ? `${one.remedy} ${one.finding}`
      : `${one.address} ${one.finding}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const lines = (key: "address" | "path") => group.map((one) => one[key]).join("\n");
    return [{ ...first, address: lines("address"), path: lines("path") }];
  });
}

function finding(
  stack: string,
  parts: Pick<StatefulFinding, "finding" | "remedy" | "files"> & Partial<StatefulFinding>,
): StatefulFinding {
  return {
    rule: "stateful-resources-are-kept",
    sentence: "A resource that holds data keeps its address and its identity.",
    stack,
    address: stack,
    path: stack,
    losesData: false,
    ...parts,
  };
}
