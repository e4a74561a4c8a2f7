import type { Change } from "./changes";
import { type Finding, SEVERITIES, type Severity } from "./finding";
import { EVERYTHING_EXCEPT, type Grant, grantsOf, UNKNOWN_BEFORE_APPLY } from "./grants";
import { MASKED } from "./mask";
import { isObject } from "./list-items";
import type { Plan } from "@packages/terraform/plan";
import { evaluateTwice, readable } from "./masked-evaluation";

/** A permission that is gained or lost. */
export interface Right extends Grant {
  /** Severity if it is gained. */
  readonly severity: Severity;
}

/** Permissions of roles and of the public that a plan adds and removes. */
export interface AccessChange {
  readonly gained: readonly Right[];
  readonly lost: readonly Right[];
}

/** Actions that allow privilege escalation; case-insensitive. */
const ESCALATING_ACTIONS = /^iam:(?:PassRole|Create|Put|Attach|Update|Add|Set)|^sts:AssumeRole$/i;

/** The same without the rest of their names, for actions with wildcards. */
const ESCALATING_STARTS = [
  ...["iam:passrole", "iam:create", "iam:put", "iam:attach", "iam:update", "iam:add", "iam:set"],
  "sts:assumerole",
];

/** Whether an action allows privilege escalation, also by a wildcard such as `iam:P*`. */
function escalates(action: string): boolean {
  if (ESCALATING_ACTIONS.test(action)) return true;
  const [literal = ""] = action.toLowerCase().split(/[*?]/);
  return literal.length < action.length && ESCALATING_STARTS.some((start) => start.startsWith(literal));
}

/** Context beyond the changes. */
export interface AccessContext {
  /** Accounts of the plan, as far as known. */
  readonly ownAccounts?: ReadonlySet<string>;
  /** Addresses of policies that allow whole services on purpose; `*` matches any text. */
  readonly acceptedWideAccess?: readonly string[];
}

/**
 * Compares permissions before and after, with sensitive values masked in the result. A permission that moves between
 * policies of a role is neither gained nor lost.
 */
export function accessChange(changes: readonly Change[], context: AccessContext = {}): AccessChange {
  const { actual, masked } = evaluateTwice(changes, (all) => evaluatedChange(all, context));
  const hide = (right: Right): Right => ({
    severity: right.severity,
    effect: right.effect,
    principal: right.address,
    action: MASKED,
    resource: MASKED,
    condition: "",
    address: right.address,
    world: false,
    wide: false,
  });
  return {
    gained: readable({ actual: actual.gained, masked: masked.gained }, { keyOf: rightKey, hide }),
    lost: readable({ actual: actual.lost, masked: masked.lost }, { keyOf: rightKey, hide }),
  };
}

/** Accounts of a plan: allowed by its providers, or in ARNs of existing resources. */
export function accountsOf({ configuration, resource_changes: resources }: Plan): ReadonlySet<string> {
  const allowed = Object.values(configuration?.provider_config ?? {}).flatMap(({ expressions }) => {
    const ids = expressions?.allowed_account_ids;
    return isObject(ids) && Array.isArray(ids.constant_value) ? (ids.constant_value as unknown[]) : [];
  });
  const there = resources.map(({ change: { before } }) =>
    isObject(before) && typeof before.arn === "string" ? before.arn.split(":")[4] : undefined,
  );
  return new Set(
    [...allowed.map(String), ...there].filter((id) => id !== undefined && /^\d{12}$/.test(id)) as string[],
  );
}

/** One finding per principal that gains permissions, with the highest severity. */
export function accessFindings({ gained }: AccessChange): Finding[] {
  return [...grouped(gained)].map(([principal, rights]) => {
    const severity = SEVERITIES.find((one) => rights.some((right) => right.severity === one));
    const worst = rights.filter((right) => right.severity === severity);
    return {
      severity: severity ?? "info",
      rule: "access-gained",
      title: `${principal} ${phrase(worst)}`,
      address: worst[0]?.address,
      details: rights.length > 1 ? detailsOf(rights) : undefined,
    };
  });
}

/** Details of a finding; the list of permissions has all. */
const MAX_DETAILS = 100;

function detailsOf(rights: readonly Right[]): string[] {
  const more = rights.length - MAX_DETAILS;
  const shown = rights.slice(0, MAX_DETAILS).map(describe);
  return more > 0 ? [...shown, `… ${more} more, in the list of permissions`] : shown;
}

/** Text of a gained permission: `may sqs:SendMessage on arn:…, if …`. */
export function describe(grant: Grant): string {
  return `${grant.effect === "allow" ? "may" : "is no longer denied"} ${objectOf(grant)}`;
}

/** Text of a lost permission: `may no longer sqs:SendMessage on arn:…, if …`. */
export function describeLost(grant: Grant): string {
  return `${grant.effect === "allow" ? "may no longer" : "is denied"} ${objectOf(grant)}`;
}

function objectOf({ action, resource, condition }: Grant): string {
  return `${action} on ${resource}${condition === "" ? "" : `, if ${condition}`}`;
}

function evaluatedChange(changes: readonly Change[], context: AccessContext): AccessChange {
  const [before, after] = [new Map<string, Grant>(), new Map<string, Grant>()];
  for (const change of changes) {
    for (const grant of grantsOf(change, change.before)) before.set(keyOf(grant), grant);
    for (const grant of grantsOf(change, change.after)) after.set(keyOf(grant), grant);
  }
  const created = new Set(changes.filter(({ action }) => action === "create").map(({ address }) => address));
  const rated = (grant: Grant): Right => ({ ...grant, severity: severityOf(grant, created, context) });
  return { gained: missing(after, before).map(rated), lost: missing(before, after).map(rated) };
}

function severityOf(grant: Grant, created: ReadonlySet<string>, context: AccessContext): Severity {
  const { action, resource, condition, address, effect, world, wide, account, anyCaller } = grant;
  if (wide && effect === "allow") return isAccepted(address, context) ? "review" : "block";
  if (world && (effect === "allow" || condition === "")) return "block";
  if (action === UNKNOWN_BEFORE_APPLY) return "review";
  if (effect === "deny" || escalates(action)) return "review";
  if (anyCaller === true) return "review";
  if (account !== undefined && context.ownAccounts?.has(account) !== true) return "review";
  if (isAnyResource(resource) && condition === "") return "review";
  return created.has(address) ? "info" : "review";
}

/** Whether a resource is `*`, or all of a type in any account. */
function isAnyResource(resource: string): boolean {
  const [, , , , account = "", ...parts] = resource.split(":");
  if (resource === "*" || resource.startsWith(EVERYTHING_EXCEPT)) return true;
  return account === "*" && /^(?:[\w-]+[:/])?\*$/.test(parts.join(":"));
}

function isAccepted(address: string, { acceptedWideAccess = [] }: AccessContext): boolean {
  return acceptedWideAccess.some((pattern) => {
    const expression = pattern
      .split("*")
      .map((part) => part.replace(/[.[\]]/g, "\\$&"))
      .join(".*");
    return new RegExp(`^${expression}$`).test(address);
  });
}

function phrase(grants: readonly Grant[]): string {
  const [first] = grants;
  if (first === undefined) return "gains nothing";
  return grants.length === 1
    ? describe(first)
    : `gains ${grants.length} permissions, such as ${first.action} on ${first.resource}`;
}

function grouped(grants: readonly Right[]): Map<string, Right[]> {
  const groups = new Map<string, Right[]>();
  for (const grant of grants) {
    const group = groups.get(grant.principal);
    if (group === undefined) groups.set(grant.principal, [grant]);
    else group.push(grant);
  }
  return groups;
}

/** Permissions in one map that the other lacks. Removing a denial counts as a gain, and adding one as a loss. */
function missing(here: ReadonlyMap<string, Grant>, there: ReadonlyMap<string, Grant>): Grant[] {
  const allowed = [...here].filter(([key, { effect }]) => effect === "allow" && !there.has(key));
  const denied = [...there].filter(([key, { effect }]) => effect === "deny" && !here.has(key));
  return [...allowed, ...denied].map(([, grant]) => grant);
}

const keyOf = ({ effect, principal, action, resource, condition, holder = "" }: Grant): string =>
  [effect, principal, action, resource, condition, holder].join("\n");

const rightKey = (right: Right): string => [right.severity, keyOf(right)].join("\n");
