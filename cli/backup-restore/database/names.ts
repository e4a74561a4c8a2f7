import { randomBytes } from "node:crypto";
import { Refusal } from "@packages/cli-kit/refusal";
import { stamp } from "@packages/cli-kit/timestamp";

/** RDS allows instances 63 characters, snapshots 255. */
const MAX_INSTANCE_NAME_LENGTH = 63;

/**
 * A name for what belongs to the instance, such as `streamflow-prod-database-replaced-20261124-080000-3fa1`: no two runs
 * ever have the same. The instance's own name is cut where it would be too long.
 */
export function nameBeside(identifier: string, what: string, began: Date): string {
  const end = `-${what}-${stamp(began)}-${randomBytes(2).toString("hex")}`;
  // a name may not hold two hyphens in a row
  return `${identifier.slice(0, MAX_INSTANCE_NAME_LENGTH - end.length).replace(/-+$/, "")}${end}`;
}

/** How every name of {@link nameBeside} begins: the same cut as there. */
function beginning(identifier: string, what: string): string {
  return `${identifier.slice(0, MAX_INSTANCE_NAME_LENGTH - `-${what}-${stamp(new Date(0))}-0000`.length).replace(/-+$/, "")}-${what}-`;
}

/** Whether {@link nameBeside} made the name, of this instance and for this. */
export function isBeside(name: string, identifier: string, what: string): boolean {
  const begin = beginning(identifier, what);
  return name.startsWith(begin) && /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(name.slice(begin.length));
}

/** Throws a Refusal for a text that can't be a snapshot's name or ARN. */
export function checkSnapshot(name: string): string {
  if (/^(arn:aws[\w-]*:rds:\S+|(rds:|awsbackup:)?[A-Za-z][\w-]{0,254})$/.test(name)) return name;
  throw new Refusal(`--snapshot must be the name or ARN of a database snapshot, got "${name}"`);
}
