import { Value } from "@packages/terraform/value";
import type { Attributes, Plan } from "@packages/terraform/plan";
import { attributeChanges } from "./attribute-changes";
import { type Change, shownAddress } from "./changes";
import type { Finding } from "./finding";
import { evaluateTwice, readable } from "./masked-evaluation";
import { AttributeIndex } from "./rules/attribute-rule";
import { EDGE } from "./rules/edge";
import { NETWORK } from "./rules/network";
import { PUBLIC_VALUES } from "./rules/public-values";
import type { Exposure, ExposureReader, ReaderContext } from "./rules/reader";

export type { Exposure } from "./rules/reader";

export interface ExposureChange {
  /** Openings added, and guards removed. */
  readonly gained: readonly Exposure[];
  /** Openings removed, and guards added. */
  readonly lost: readonly Exposure[];
}

/** Readers of the types that need more than one attribute. */
export const EXPOSURE_READERS: readonly ExposureReader[] = [...NETWORK, ...EDGE];

const READERS = new Map(EXPOSURE_READERS.flatMap((reader) => reader.types.map((type) => [type, reader])));
export const PUBLIC_VALUE_INDEX = new AttributeIndex(PUBLIC_VALUES);

/** Whether a reader of exposures covers an attribute. */
export function isJudgedExposure(type: string, path: string): boolean {
  const covered = READERS.get(type)?.covers ?? [];
  if (covered.some((name) => name === "*" || path === name || path.startsWith(`${name}.`))) return true;
  return PUBLIC_VALUE_INDEX.of(type, path).length > 0;
}

/** Exposure to the internet that a plan adds and removes, with sensitive values masked in the result. */
export function exposureChange(changes: readonly Change[], plan: Plan): ExposureChange {
  const groupOf = securityGroups(plan);
  const read = memoized((change, values) => exposuresOf(change, values, groupOf));
  const { actual, masked } = evaluateTwice(changes, (all) => evaluatedChange(all, read));
  return {
    gained: readable({ actual: actual.gained, masked: masked.gained }, { keyOf, hide }),
    lost: readable({ actual: actual.lost, masked: masked.lost }, { keyOf, hide }),
  };
}

const keyOf = ({ severity, kind, text, address }: Exposure): string =>
  [severity, kind, text, address].join("\n");

function hide({ severity, kind, address }: Exposure): Exposure {
  const what = kind === "opening" ? "an opening" : "a guard";
  return { severity, kind, address, text: `${what} of ${address} (sensitive value)` };
}

type Read = (change: Change, values: Attributes) => readonly Exposure[];

/** Reads values once: most are the same in the original and the masked changes. */
function memoized(read: Read): Read {
  const known = new Map<Attributes, readonly Exposure[]>();
  return (change, values) => {
    const exposures = known.get(values) ?? read(change, values);
    known.set(values, exposures);
    return exposures;
  };
}

function evaluatedChange(changes: readonly Change[], read: Read): ExposureChange {
  const gained: Exposure[] = [];
  const lost: Exposure[] = [];
  for (const change of changes) {
    const [before, after] = [change.before, change.after].map((side) =>
      side === undefined ? [] : read(change, side),
    );
    const [old, next] = [before, after].map((side) => new Set(side?.map(({ text }) => text)));
    const gone = before?.filter(({ text }) => next?.has(text) !== true) ?? [];
    const made = after?.filter(({ text }) => old?.has(text) !== true) ?? [];
    const isNew = change.before === undefined;
    gained.push(
      ...made.filter(({ kind, onUpdateOnly }) => kind === "opening" && !(isNew && onUpdateOnly === true)),
      ...gone.filter(({ kind }) => kind === "guard"),
    );
    lost.push(
      ...made.filter(({ kind }) => kind === "guard"),
      ...gone.filter(({ kind, onUpdateOnly }) => kind === "opening" && onUpdateOnly !== true),
    );
  }
  const vanishes = withDeletedResources(changes);
  // A guard that is deleted with its resource is not a loss.
  return { gained: gained.filter((one) => !vanishes(one)), lost };
}

/** One finding per added opening and removed guard. */
export function exposureFindings({ gained }: ExposureChange): Finding[] {
  return gained.map(({ kind, text, severity, address }) => ({
    severity,
    rule: "exposure",
    title: kind === "opening" ? text : `${text} is removed`,
    address,
  }));
}

/** Types that are guards and have content of their own. */
const GUARDED = new Set(["aws_cloudfront_distribution", "aws_wafv2_web_acl", "google_storage_bucket"]);

/** Tells guards whose guarded resource is deleted too. */
function withDeletedResources(changes: readonly Change[]): (exposure: Exposure) => boolean {
  const deleted = new Map<string, Change>();
  const ids = new Map<string, Set<string>>();
  for (const change of changes.filter(({ action }) => action === "delete")) {
    deleted.set(change.address, change);
    for (const key of ["id", "arn", "bucket"]) {
      const id = new Value(change.before).at(key).text;
      if (id !== "") ids.set(id, (ids.get(id) ?? new Set()).add(change.type));
    }
  }
  return ({ kind, address }) => {
    const change = deleted.get(address);
    if (kind !== "guard" || change === undefined) return false;
    if (GUARDED.has(change.type)) return true;
    const guarded = ["bucket", "resource_arn", "arn"].map((key) => new Value(change.before).at(key).text);
    return guarded.some((id) => [...(ids.get(id) ?? [])].some((type) => type !== change.type));
  };
}

function exposuresOf(change: Change, values: Attributes, groupOf: ReaderContext["groupOf"]): Exposure[] {
  const { address, type } = change;
  const name = change.construct ?? address;
  const read = READERS.get(type)?.read(new Value(values), { change, name, groupOf }) ?? [];
  const found = [...read, ...publicValues(change, values, name)].map((one) => ({ ...one, address }));
  return [...new Map(found.map((one) => [one.text, one])).values()];
}

function publicValues({ type }: Change, values: Attributes, name: string): Omit<Exposure, "address">[] {
  const isRead = READERS.get(type)?.covers ?? [];
  return attributeChanges(undefined, values).flatMap(({ path, after }) => {
    if (isRead.includes(path)) return [];
    const rule = PUBLIC_VALUE_INDEX.of(type, path).find(({ isPublic }) => isPublic(after));
    if (rule === undefined) return [];
    const { severity, text, onUpdateOnly = false } = rule;
    return [{ kind: "opening" as const, severity, text: `${name} ${text}`, onUpdateOnly }];
  });
}

/** Addresses of security groups by id; a rule only has the id. */
function securityGroups({ resource_changes: resources }: Plan): ReaderContext["groupOf"] {
  const groups = new Map<string, string>();
  for (const { type, address, change } of resources) {
    if (type !== "aws_security_group") continue;
    const id = new Value(change.after ?? change.before).at("id").text;
    if (id !== "") groups.set(id, shownAddress(address));
  }
  return (id) => groups.get(id);
}
