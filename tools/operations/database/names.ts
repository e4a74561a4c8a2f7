import { randomBytes } from "node:crypto";
import { Refusal } from "../../delivery/refusal";
import { stamp } from "../moment";

/** RDS allows instances 63 characters, snapshots 255. */
const LONGEST = 63;

/**
 * A name for what belongs to the instance, such as `streamflow-prod-database-replaced-20261124-080000-3fa1`: no two runs
 * ever have the same. The instance's own name is cut where it would be too long.
 */
export function nameBeside(identifier: string, what: string, began: Date): string {
  const end = `-${what}-${stamp(began)}-${randomBytes(2).toString("hex")}`;
  // a name may not hold two hyphens in a row
  return `${identifier.slice(0, LONGEST - end.length).replace(/-+$/, "")}${end}`;
}

/** Throws a Refusal for a text that can't be a snapshot's name or ARN. */
export function checkSnapshot(name: string): string {
  if (/^(arn:aws[\w-]*:rds:\S+|(rds:|awsbackup:)?[A-Za-z][\w-]{0,254})$/.test(name)) return name;
  throw new Refusal(`--snapshot must be the name or ARN of a database snapshot, got "${name}"`);
}
