import { accepted } from "../../stacks/policies/accepted";
import type { Change } from "./changes";
import type { Finding, Severity } from "./finding";
import { type Grant, grantsOf } from "./grants";

/** What roles, and the world, may do after a plan and could not before; and what they no longer may. */
export interface AccessChange {
  readonly gained: readonly Grant[];
  readonly lost: readonly Grant[];
}

/** A right that moves from one policy of a role to another is neither gained nor lost. */
export function accessChange(changes: readonly Change[]): AccessChange {
  const [before, after] = [new Map<string, Grant>(), new Map<string, Grant>()];
  for (const change of changes) {
    for (const grant of grantsOf(change, change.before)) before.set(keyOf(grant), grant);
    for (const grant of grantsOf(change, change.after)) after.set(keyOf(grant), grant);
  }
  return { gained: missing(after, before), lost: missing(before, after) };
}

/** A finding for each of those who gain something, at the worst that they gain. */
export function accessFindings({ gained }: AccessChange, changes: readonly Change[]): Finding[] {
  const created = new Set(changes.filter(({ action }) => action === "create").map(({ address }) => address));
  return [...grouped(gained)].map(([principal, grants]) => {
    const severities = grants.map((grant) => severityOf(grant, created));
    const severity = (["stop", "look", "info"] as const).find((one) => severities.includes(one)) ?? "info";
    const worst = grants.filter((_, index) => severities[index] === severity);
    return {
      severity,
      rule: "access-gained",
      title: `${principal} ${phrase(worst)}`,
      ...(worst[0] === undefined ? {} : { address: worst[0].address }),
      ...(grants.length > 1 ? { details: grants.map((grant) => describe(grant)) } : {}),
    };
  });
}

/** `may sqs:SendMessage on arn:…, if …`; as something gained, or lost. */
export function describe({ effect, action, resource, condition }: Grant, lost = false): string {
  const allow = lost ? "may no longer" : "may";
  const verb = effect === "allow" ? allow : lost ? "is refused" : "is no longer refused";
  return `${verb} ${action} on ${resource}${condition === "" ? "" : `, if ${condition}`}`;
}

function severityOf(
  { principal, action, resource, condition, address, effect }: Grant,
  created: ReadonlySet<string>,
): Severity {
  const wide = action === "*" || /^[\w-]+:\*$/.test(action);
  if (wide && effect === "allow") return isAccepted(address) ? "look" : "stop";
  if (principal === "anybody" && condition === "") return "stop";
  if (/^iam:(PassRole|Create|Put|Attach|Update)|^sts:AssumeRole$/.test(action)) return "look";
  if (effect === "deny" || (resource === "*" && condition === "")) return "look";
  return created.has(address) ? "info" : "look";
}

/** Wide on purpose: the roles of the pipeline, each with its reason. */
function isAccepted(address: string): boolean {
  return accepted.some(({ rule, address: pattern }) => {
    const expression = pattern
      .split("*")
      .map((part) => part.replace(/[.[\]]/g, "\\$&"))
      .join(".*");
    return rule === "role-names-its-actions" && new RegExp(`^${expression}$`).test(address);
  });
}

function phrase(grants: readonly Grant[]): string {
  const [first] = grants;
  if (first === undefined) return "gains nothing";
  return grants.length === 1
    ? describe(first)
    : `gains ${grants.length} rights, such as ${first.action} on ${first.resource}`;
}

function grouped(grants: readonly Grant[]): Map<string, Grant[]> {
  const groups = new Map<string, Grant[]>();
  for (const grant of grants) groups.set(grant.principal, [...(groups.get(grant.principal) ?? []), grant]);
  return groups;
}

/** What is refused is gained when the refusal goes, and the other way round. */
function missing(here: ReadonlyMap<string, Grant>, there: ReadonlyMap<string, Grant>): Grant[] {
  const allowed = [...here].filter(([key, { effect }]) => effect === "allow" && !there.has(key));
  const denied = [...there].filter(([key, { effect }]) => effect === "deny" && !here.has(key));
  return [...allowed, ...denied].map(([, grant]) => grant);
}

const keyOf = ({ effect, principal, action, resource, condition }: Grant): string =>
  [effect, principal, action, resource, condition].join("\n");
