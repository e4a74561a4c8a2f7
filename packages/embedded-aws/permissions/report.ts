import type { Entry, Ledger, Right } from "./ledger";
import type { RolePolicies } from "./roles";

/** What AWS's own services do by a role where it runs; on this machine nobody does it by the role's credentials. */
const BY_AWS: readonly (readonly [pattern: RegExp, who: string])[] = [
  [/^xray:/, "X-Ray's daemon beside the code"],
  [/^ec2:/, "Lambda, for its network interfaces"],
  [/^ecr:/, "ECS, to pull the image"],
];

/** What the roles were seen to do, and what they may do besides, in Markdown. */
export function report(ledger: Ledger, roles: readonly RolePolicies[], unknown: readonly string[]): string {
  const { denied, allowed, count } = ledger;
  const faults = [...unknown, ...denied.map((entry) => `${entry.action} on ${entry.resource}: ${entry.why}`)];
  return [
    "# What roles do, and what they may do",
    "",
    `${count} requests by ${roles.length === 1 ? "one role" : `${roles.length} roles`} were compared with the roles' deployed policies, their conditions and ` +
      "permissions boundaries. Policies of resources were not asked.",
    "",
    ...(faults.length === 0
      ? ["Every one of them is allowed.", ""]
      : ["## Not allowed", "", ...faults.map((fault) => `- ${fault}`), ""]),
    ...roles.flatMap((role) => [
      `## ${nameOf(role.arn)}`,
      "",
      ...usedTable([...denied, ...allowed].filter((entry) => entry.role === role.arn)),
      ...unusedList(ledger.unused(role)),
    ]),
  ].join("\n");
}

/** The last part of a role's ARN. */
export function nameOf(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}

/** Rights that no code and no service of AWS's was seen to use, or could have. */
export function unneeded(rights: readonly Right[]): Right[] {
  return rights.filter(({ action }) => !BY_AWS.some(([pattern]) => pattern.test(action)));
}

function usedTable(entries: readonly Entry[]): string[] {
  if (entries.length === 0) return ["It asked for nothing.", ""];
  const rows = new Map<string, number>();
  for (const { action, resource, why, count } of entries) {
    // One line for all the objects and streams that have a name of their own.
    const row = `| ${action} | ${shortened(resource)} | ${why} |`;
    rows.set(row, (rows.get(row) ?? 0) + count);
  }
  const lines = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    "| asked for | on | decided by | requests |",
    "|---|---|---|---|",
    ...lines.map(([row, count]) => `${row} ${count} |`),
    "",
  ];
}

function shortened(resource: string): string {
  return resource
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "{id}")
    .replace(/({id})\/(?!source).*$/, "$1/…")
    .replace(/:log-stream:.*$/, ":log-stream:…");
}

function unusedList(rights: readonly Right[]): string[] {
  if (rights.length === 0) return ["It used everything that it may do.", ""];
  return [
    "May do, and was not seen to do:",
    "",
    ...rights.map(({ action, resource }) => {
      const by = BY_AWS.find(([pattern]) => pattern.test(action))?.[1];
      return `- ${action} on ${resource}${by === undefined ? "" : ` (used by ${by})`}`;
    }),
    "",
  ];
}
