import { type Entry, type Ledger, type Right, withoutIds } from "./ledger";
import type { RolePolicies } from "./roles";

/** Permissions that AWS services use with a role; on this machine nothing uses them. */
const BY_AWS: readonly (readonly [pattern: RegExp, who: string])[] = [
  [/^xray:/, "X-Ray's daemon next to the code"],
  [/^ec2:/, "Lambda, for its network interfaces"],
  [/^ecr:/, "ECS, to pull the image"],
];

/** Markdown report of permissions that roles used, and those that they did not use. */
export function report(ledger: Ledger, roles: readonly RolePolicies[], unknown: readonly string[]): string {
  const { denied, allowed, count } = ledger;
  const faults = [...unknown, ...denied.map((entry) => `${entry.action} on ${entry.resource}: ${entry.why}`)];
  return [
    "# Permissions used by roles",
    "",
    `${count} requests by ${roles.length === 1 ? "one role" : `${roles.length} roles`} were evaluated with the roles' deployed policies, conditions and ` +
      "permissions boundaries. Resource policies were not evaluated.",
    "",
    ...(faults.length === 0
      ? ["All are allowed.", ""]
      : ["## Not allowed", "", ...faults.map((fault) => `- ${fault}`), ""]),
    ...roles.flatMap((role) => [
      `## ${nameOf(role.arn)}`,
      "",
      ...usedTable([...denied, ...allowed].filter((entry) => entry.role === role.arn)),
      ...unusedList(ledger.unused(role)),
    ]),
  ].join("\n");
}

/** A denied call, with the statement that is missing, and the place of the policy that lacks it. */
export function denialText(entry: Entry, placeOf: (entry: Entry) => string): string {
  const { role, action, resource, why, missing } = entry;
  const what = `${nameOf(role)}: ${action} on ${resource}: ${why}`;
  return missing === undefined ? what : `${what}; ${placeOf(entry)} lacks ${missing}`;
}

/** Name of a role, from its ARN. */
export function nameOf(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}

/** Unused permissions, without those that AWS services need. */
export function unneeded(rights: readonly Right[]): Right[] {
  return rights.filter(({ action }) => !BY_AWS.some(([pattern]) => pattern.test(action)));
}

function usedTable(entries: readonly Entry[]): string[] {
  if (entries.length === 0) return ["No requests.", ""];
  const rows = new Map<string, number>();
  for (const { action, resource, why, count } of entries) {
    const row = `| ${action} | ${withoutIds(resource)} | ${why} |`;
    rows.set(row, (rows.get(row) ?? 0) + count);
  }
  const lines = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    "| action | resource | decided by | requests |",
    "|---|---|---|---|",
    ...lines.map(([row, count]) => `${row} ${count} |`),
    "",
  ];
}

function unusedList(rights: readonly Right[]): string[] {
  if (rights.length === 0) return ["All permissions were used.", ""];
  return [
    "Unused permissions:",
    "",
    ...rights.map(({ action, resource }) => {
      const by = BY_AWS.find(([pattern]) => pattern.test(action))?.[1];
      return `- ${action} on ${resource}${by === undefined ? "" : ` (used by ${by})`}`;
    }),
    "",
  ];
}
